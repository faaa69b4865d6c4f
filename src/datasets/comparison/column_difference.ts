import { type Column, isNumbers, rowSize, rowText } from '../column.js';

/** A difference between two columns, as far as they can be compared. */
export interface ColumnDifference {
  /** The types of rows, if these differ: `float32 [3]`, `float64 [3]`. */
  types: [string, string] | null;
  /** Numbers of rows, if these differ; the rows that both have are compared. */
  rows: [number, number] | null;
  /** Rows whose values differ, and the first of them. */
  differing: number;
  first: { row: number; number: number; values: [string, string] } | null;
  /** True if the last row differs. */
  atEnd: boolean;
}

/**
 * The differences between two columns; null if there are none. Numbers are compared by their values, whatever their types, and NaN is
 * the same as NaN. Rows of other sizes are not compared.
 */
export function columnDifference(a: Column, b: Column): ColumnDifference | null {
  const [typeA, typeB] = [rowText(a), rowText(b)];
  const [rowsA, rowsB] = [a.shape[0], b.shape[0]];
  const types: ColumnDifference['types'] = typeA === typeB ? null : [typeA, typeB];
  const rows: ColumnDifference['rows'] = rowsA === rowsB ? null : [rowsA, rowsB];
  const isAlike = rowSize(a) === rowSize(b) && (isNumbers(a) ? isNumbers(b) : a.dtype === b.dtype);
  const values = isAlike ? valueDifferences(a, b) : { differing: 0, first: null, atEnd: false };
  return types || rows || values.first ? { types, rows, ...values } : null;
}

function valueDifferences(a: Column, b: Column): Pick<ColumnDifference, 'differing' | 'first' | 'atEnd'> {
  const width = rowSize(a);
  const rows = Math.min(a.shape[0], b.shape[0]);
  let differing = 0;
  let first: ColumnDifference['first'] = null;
  let last = -1;
  for (let row = 0; row < rows; row++) {
    for (let number = 0; number < width; number++) {
      const [x, y] = [a.data[row * width + number], b.data[row * width + number]];
      if (isSame(x, y)) continue;
      first ??= { row, number, values: [shown(x), shown(y)] };
      differing++;
      last = row;
      break;
    }
  }
  return { differing, first, atEnd: last === rows - 1 && rows > 0 };
}

type Value = number | bigint | string | Uint8Array;

function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (typeof a === 'number' && typeof b === 'number') return Number.isNaN(a) && Number.isNaN(b);
  // biome-ignore lint/suspicious/noDoubleEquals: numbers and bigints of the same value are the same
  return typeof a !== 'object' && typeof b !== 'object' && typeof a !== 'string' && a == b;
}

const MAX_TEXT = 40;

function shown(value: Value): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value);
}
