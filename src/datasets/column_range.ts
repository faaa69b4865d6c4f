/** The smallest and largest value of each column. */
export interface ColumnRange {
  min: Float32Array;
  max: Float32Array;
}

/** The range of no values at all, to be widened. */
export function emptyRange(width: number): ColumnRange {
  return {
    min: new Float32Array(width).fill(Number.POSITIVE_INFINITY),
    max: new Float32Array(width).fill(Number.NEGATIVE_INFINITY),
  };
}

/** Widens a range so that it covers `data` [rows, width]. */
export function widenRange({ min, max }: ColumnRange, data: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const column = i % min.length;
    min[column] = Math.min(min[column], data[i]);
    max[column] = Math.max(max[column], data[i]);
  }
}

/** The range of each column over several [rows, width] arrays. */
export function columnRange(arrays: readonly Float32Array[], width: number): ColumnRange {
  const range = emptyRange(width);
  for (const array of arrays) widenRange(range, array);
  return range;
}
