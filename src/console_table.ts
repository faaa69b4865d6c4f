import Table from 'cli-table3';
import { consoleWidth, displayWidth, wrapText } from './console_text.js';

/** Contents of a cell; the short form is for a table that would be too wide. */
export type Cell = string | { long: string; short: string };

export interface TableContent {
  head: readonly Cell[];
  rows: readonly (readonly Cell[])[];
  /**
   * The number of columns, from the first, that hold words (default 1). Those after them hold numbers, aligned on the
   * right.
   */
  textColumns?: number;
  /** A text for each row: in a last column if all of them have room there, else below its row. */
  notes?: { head: string; texts: readonly string[] };
}

/** The columns that the borders of a line and the spaces beside them take. */
const BORDERS = 4;
const NOTE_INDENT = 2;

type Align = 'left' | 'right';

/**
 * A table of at most `width` columns of text. To fit, notes go below their rows; then cells are shortened, heads
 * wrapped, and names in the first column that are too long get a line of their own above their row.
 */
export function consoleTable(content: TableContent, width: number = consoleWidth()): string {
  const { head, rows, textColumns = 1, notes } = content;
  const aligns = head.map((_, column): Align => (column < textColumns ? 'left' : 'right'));
  const long = [head, ...rows].map((cells) => cells.map(longForm));
  if (notes) {
    const column = [notes.head, ...notes.texts];
    const beside = long.map((cells, i) => [...cells, column[i]]);
    const widths = columnWidths(beside);
    if (totalWidth(widths) <= width) return draw(beside, widths, [...aligns, 'left'], []);
  }
  const below = notes?.texts ?? [];
  const short = [head, ...rows].map((cells) => cells.map(shortForm));
  const lines = totalWidth(columnWidths(long)) <= width ? long : short;
  return draw(lines, widened(fittingWidths(lines, width), below, width), aligns, below);
}

function longForm(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.long;
}

function shortForm(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.short;
}

/**
 * The widths of the columns. If need be, columns are as narrow as their cells, with one word of their heads in a line,
 * and the first takes the rest.
 */
function fittingWidths(lines: readonly (readonly string[])[], width: number): number[] {
  const widths = columnWidths(lines);
  if (totalWidth(widths) <= width) return widths;
  const [head, ...rows] = lines;
  const headWords = head.map((text) => text.replaceAll(' ', '\n'));
  const [, ...others] = columnWidths([headWords, ...rows]);
  const rest = Math.max(displayWidth(headWords[0]), width - totalWidth([0, ...others]));
  return [Math.min(rest, widths[0]), ...others];
}

/** The widths with a first column as wide as the texts below the rows need it. */
function widened([first, ...others]: number[], below: readonly string[], width: number): number[] {
  const total = totalWidth([first, ...others]);
  const wanted = Math.max(0, ...below.map(displayWidth)) + NOTE_INDENT + BORDERS;
  return [first + Math.max(0, Math.min(wanted, width) - total), ...others];
}

function columnWidths(lines: readonly (readonly string[])[]): number[] {
  return lines[0].map((_, column) => Math.max(...lines.map((cells) => displayWidth(cells[column]))));
}

/** The width of a table, with a space on both sides of each cell, and the borders. */
function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, 1);
}

function draw(
  [head, ...rows]: readonly (readonly string[])[],
  widths: readonly number[],
  aligns: Align[],
  notes: readonly string[],
): string {
  const table = new Table({
    head: head.map((text, column) => wrapText(text, widths[column]).join('\n')),
    colWidths: widths.map((width) => width + 2),
    colAligns: aligns,
    style: { head: [], border: [], compact: true },
  });
  const wholeWidth = totalWidth(widths) - BORDERS;
  const wholeLine = (content: string) => [{ colSpan: widths.length, content }];
  for (const [i, cells] of rows.entries()) {
    const [first, ...others] = cells;
    if (displayWidth(first) <= widths[0]) table.push([...cells]);
    else table.push(wholeLine(wrapText(first, wholeWidth).join('\n')), ['', ...others]);
    if (notes[i]) table.push(wholeLine(indented(notes[i], wholeWidth)));
  }
  return table.toString();
}

function indented(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => wrapText(line, width - NOTE_INDENT));
  return lines.map((line) => `${' '.repeat(NOTE_INDENT)}${line}`).join('\n');
}
