/** What is wrong if an array of this shape should have one row per step; null if nothing is. */
export function wrongRows(shape: readonly number[], rows: number): string | null {
  if (shape[0] === rows) return null;
  return `has ${shape[0]} rows; expected ${rows}, by the episode's number of actions`;
}

/** Where `data` [rows, width] has its first value that is NaN or infinite, and how many; null if it has none. */
export function notFinite(data: Float32Array, width: number): string | null {
  const first = data.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return null;
  const column = width > 1 ? `, column ${first % width}` : '';
  const count = data.reduce((total, value) => total + (Number.isFinite(value) ? 0 : 1), 0);
  const others = count > 1 ? ` (${count} such values)` : '';
  return `holds ${data[first]} at step ${Math.floor(first / width)}${column}${others}`;
}
