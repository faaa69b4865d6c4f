/** The text of a CSV file: a line of the columns, then one for each row, with nothing where a value is null. */
export function csvText(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  const line = (cells: readonly unknown[]) => cells.map(cell).join(',');
  return `${[line(columns), ...rows.map((row) => line(columns.map((key) => row[key])))].join('\n')}\n`;
}

function cell(value: unknown): string {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
