import { type Column, isNumbers, type NumberColumn } from './column.js';

/** A copy of the rows `from` to `to`, that one not included, of a column of any type. */
export function rowsOf<T extends Column>(column: T, from: number, to: number): T {
  const width = column.data.length / column.shape[0];
  const shape = [to - from, ...column.shape.slice(1)];
  return { ...column, shape, data: column.data.slice(from * width, to * width) };
}

export function lastRowOf<T extends Column>(column: T): T {
  return rowsOf(column, column.shape[0] - 1, column.shape[0]);
}

/** A column with a row more at its end, which has its type and shape. */
export function withRow<T extends Column>(column: T, row: T): T {
  const shape = [column.shape[0] + 1, ...column.shape.slice(1)];
  if (!isNumbers(column)) return { ...column, shape, data: [...column.data, ...row.data] };
  const { data } = column;
  const Numbers = data.constructor as new (length: number) => Float64Array;
  const longer = new Numbers(data.length + row.data.length);
  longer.set(data as Float64Array);
  longer.set((row as NumberColumn).data as Float64Array, data.length);
  return { ...column, shape, data: longer };
}

/**
 * The first row of `later` that is not the row of `column` which comes `shift` rows after it; −1 if there is none. NaN in both is
 * no difference.
 */
export function firstDifference(column: Column, later: Column, shift: number): number {
  const width = column.data.length / column.shape[0];
  const values = column.data.length - shift * width;
  // Nearly always all bytes are the same, which is seen at once.
  const isLong = later.data.length >= values;
  if (isLong && isNumbers(column) && isNumbers(later) && column.dtype === later.dtype) {
    const bytes = bytesOf(column, shift * width, shift * width + values);
    if (Buffer.compare(bytes, bytesOf(later, 0, values)) === 0) return -1;
  }
  for (let i = 0; i < values; i++) {
    const [a, b] = [column.data[i + shift * width], later.data[i]];
    if (a !== b && !Object.is(a, b) && !isSameBytes(a, b)) return Math.floor(i / width);
  }
  return -1;
}

function bytesOf({ data }: NumberColumn, from: number, to: number): Uint8Array {
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = data;
  return new Uint8Array(buffer, byteOffset + from * BYTES_PER_ELEMENT, (to - from) * BYTES_PER_ELEMENT);
}

function isSameBytes(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
}
