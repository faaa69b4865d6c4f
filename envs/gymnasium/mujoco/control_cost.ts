/** Count of numbers that NumPy adds in pairs of pairs; fewer are added one after another. */
const TREE = 8;

/** The weighted sum of an action's squares, in single precision and in NumPy's order, as Gymnasium computes it. */
export function controlCost(weight: number, action: Float32Array): number {
  return Math.fround(Math.fround(weight) * sumOfSquares(action, 0, action.length));
}

function sumOfSquares(values: Float32Array, first: number, count: number): number {
  if (count === 1) return Math.fround(values[first] * values[first]);
  const left = values.length === TREE ? count / 2 : count - 1;
  return Math.fround(sumOfSquares(values, first, left) + sumOfSquares(values, first + left, count - left));
}
