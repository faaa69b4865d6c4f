/** The critics' standard deviation of Q, averaged over the batch; `values` are each critic's [batch]. */
export function disagreement(values: readonly Float32Array[]): number {
  const rows = values[0].length;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let [sum, sumOfSquares] = [0, 0];
    // Differences from the first critic: squares of the values themselves would cancel badly.
    for (const value of values) {
      const difference = value[row] - values[0][row];
      sum += difference;
      sumOfSquares += difference * difference;
    }
    const mean = sum / values.length;
    total += Math.sqrt(Math.max(0, sumOfSquares / values.length - mean * mean));
  }
  return total / rows;
}
