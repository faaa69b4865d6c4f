/** Counts of values in bins of equal width. */
export interface Histogram {
  /** The number of values; only finite ones count. */
  count: number;
  min: number;
  max: number;
  sum: number;
  sumOfSquares: number;
  /** [bins + 1], ascending: bin i is from `edges[i]` to `edges[i + 1]`, the last one including its end. */
  edges: Float64Array;
  /** [bins]: the number of values in each bin. */
  counts: Float64Array;
}

const BINS = 64;

/** Sorts values into 64 bins between the lowest and the highest. Null if none is finite. */
export function histogramOf(values: ArrayLike<number>): Histogram | null {
  let [count, min, max, sum, sumOfSquares] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
  }
  if (count === 0) return null;
  // Equal values get bins around them, as wide as needed to tell them from nothing.
  const margin = max > min ? 0 : Math.max(Math.abs(max), 1) / 2;
  const start = min - margin;
  const width = (max + margin - start) / BINS;
  const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => start + i * width);
  edges[BINS] = max + margin;
  const counts = new Float64Array(BINS);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) counts[Math.min(Math.floor((values[i] - start) / width), BINS - 1)]++;
  }
  return { count, min, max, sum, sumOfSquares, edges, counts };
}
