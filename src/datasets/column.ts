/** Types of numbers, each in the typed array that holds all of its values; `bool` is 0 or 1 in bytes. */
export interface NumberArrays {
  bool: Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type NumberType = keyof NumberArrays;

/** The typed array of each type of numbers, but for `bool`, which has bytes as `uint8` has. */
const ARRAYS: Readonly<
  Record<Exclude<NumberType, 'bool'>, new (length: number) => NumberArrays[NumberType]>
> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** True for a type of numbers that there is a column for. */
export function isNumberType(dtype: string): dtype is NumberType {
  return dtype === 'bool' || Object.hasOwn(ARRAYS, dtype);
}

/** The type of the numbers in an array; null for an array that no column holds, such as of 16-bit floats. */
export function numberTypeOf(data: ArrayBufferView): Exclude<NumberType, 'bool'> | null {
  const types = Object.keys(ARRAYS) as (keyof typeof ARRAYS)[];
  return types.find((type) => data instanceof ARRAYS[type]) ?? null;
}

/** So many numbers of a type, all 0. */
export function newNumbers(dtype: NumberType, count: number): NumberArrays[NumberType] {
  return new ARRAYS[dtype === 'bool' ? 'uint8' : dtype](count);
}

/** Type and shape of a column; rows come first in the shape. */
export interface ColumnType {
  /** A {@link NumberType}, `string`, `bytes`, or what else a file may have that can't be read here. */
  dtype: string;
  shape: readonly number[];
}

/** Numbers of any shape, flat in row-major order, in the precision that they were recorded in. */
export interface NumberColumn<T extends NumberType = NumberType> extends ColumnType {
  dtype: T;
  data: NumberArrays[T];
}

/** A text a row. */
export interface TextColumn extends ColumnType {
  dtype: 'string';
  data: readonly string[];
}

/** Rows of bytes, each of its own length: encoded pictures, for example. */
export interface BytesColumn extends ColumnType {
  dtype: 'bytes';
  data: readonly Uint8Array[];
}

export type Column = NumberColumn | TextColumn | BytesColumn;

/**
 * Columns of a part of an episode, by their paths within it, as they were recorded: `image`, `proprio/_0`. A part that is one
 * array has it under the empty path.
 */
export type Columns = ReadonlyMap<string, Column>;

/** `observations` and `proprio/_0` as one name. */
export function columnName(part: string, path: string): string {
  return path === '' ? part : `${part}/${path}`;
}

/** A part's columns by their full names. */
export function withNames(part: string, columns: Columns): [name: string, column: Column][] {
  return [...columns].map(([path, column]) => [columnName(part, path), column]);
}

export function isNumbers(column: Column): column is NumberColumn {
  return column.dtype !== 'string' && column.dtype !== 'bytes';
}

/** The size of one row: the product of the other axes. */
export function rowSize({ shape }: ColumnType): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** Type and shape of a row, for people: `float32 [3]`, `int64`. */
export function rowText({ dtype, shape }: ColumnType): string {
  return shape.length === 1 ? dtype : `${dtype} [${shape.slice(1).join(', ')}]`;
}

/** Columns of the same type and width, one below the other. */
export function joinRows(columns: readonly [NumberColumn, ...NumberColumn[]]): NumberColumn {
  const [{ dtype, shape }] = columns;
  const rows = columns.reduce((sum, column) => sum + column.shape[0], 0);
  const joined = newNumbers(dtype, rows * rowSize({ dtype, shape }));
  let filled = 0;
  for (const { data } of columns) {
    // All are arrays of this type, which TypeScript can't tell.
    (joined as Float64Array).set(data as Float64Array, filled);
    filled += data.length;
  }
  return { dtype, shape: [rows, ...shape.slice(1)], data: joined };
}

/** A copy of the rows `from` to `to`, that one not included. */
export function copyRowsOf(column: NumberColumn, from: number, to: number): NumberColumn {
  const { dtype, shape, data } = column;
  const width = rowSize(column);
  return { dtype, shape: [to - from, ...shape.slice(1)], data: data.slice(from * width, to * width) };
}

/** A column's numbers as flags, not 0 being true, whatever type a writer gave them. */
export function toFlags({ data }: NumberColumn): Uint8Array {
  const flags = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) flags[i] = Number(data[i]) === 0 ? 0 : 1;
  return flags;
}

/** A column's numbers as float32; its own array where they are float32 already. */
export function toFloat32({ data }: NumberColumn): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}
