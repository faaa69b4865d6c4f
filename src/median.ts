/** The median: of an even number of values the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[upper];
  return (sorted[upper - 1] + sorted[upper]) / 2;
}
