/** Median, 90 % and largest of some values; NaN of none. */
export type Spread = readonly [number, number, number];

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return [quantile(sorted, 0.5), quantile(sorted, 0.9), quantile(sorted, 1)];
}

/** Two digits each. */
export function spreadText(spread: Spread): string {
  if (spread.some(Number.isNaN)) return '–';
  return spread.map((value) => String(Number(value.toPrecision(2)))).join(' / ');
}

/** Interpolated between the two nearest values. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
