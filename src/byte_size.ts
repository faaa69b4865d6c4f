const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/**
 * A number of bytes as text: 34_512_000 → "34.5 MB". Three digits, units of 1000; "-" for numbers that are not finite.
 */
export function byteSize(bytes: number): string {
  if (!Number.isFinite(bytes)) return '-';
  let value = bytes;
  let unit = 0;
  // 999.5 would be shown as 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
