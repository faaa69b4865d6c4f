import Table from 'cli-table3';

/** Mean, median and spread of one quantity over a set of episodes. */
export interface Summary {
  mean: number;
  median: number;
  std: number;
  min: number;
  max: number;
}

/** A console table of summaries, one quantity a row. */
export function summaryTable(title: string, summaries: Record<string, Summary>): string {
  const table = new Table({
    head: [title, 'mean', 'median', 'std', 'min', 'max'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, summary] of Object.entries(summaries)) {
    table.push([
      name,
      ...[summary.mean, summary.median, summary.std, summary.min, summary.max].map(shortNumber),
    ]);
  }
  return table.toString();
}

/** Three to four significant digits, without trailing noise: 0.95, 12.3, 4000. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString('en-US').replaceAll(',', ' ');
  return Math.abs(value) >= 0.001 && Math.abs(value) < 1e6
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);
}

/** 75 → "1 min 15 s". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - 60 * minutes);
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
