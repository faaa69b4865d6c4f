import { type Column, isNumbers, type NumberColumn } from '../../column.js';
import type { ParquetField, ParquetRows, ParquetType } from '../../storage/parquet_writer.js';
import { encodePng } from '../../storage/png.js';
import { isAlone } from './features.js';
import type { WrittenFeature } from './written_features.js';

/** The column of a Parquet file that holds a feature. Pictures are PNGs, arrays are lists of lists. */
export function fieldOf(name: string, { type, isPicture }: WrittenFeature): ParquetField {
  if (isPicture) return { name, type: 'picture', lists: 0 };
  return { name, type: type.dtype as ParquetType, lists: isAlone(type.shape) ? 0 : type.shape.length };
}

/** The rows of a column as a Parquet file takes them. */
export function parquetRows(column: Column, { isPicture, type }: WrittenFeature): ParquetRows {
  if (!isNumbers(column)) return column.data;
  if (isPicture) return pictures(column);
  const data =
    column.dtype === 'bool' ? Array.from(column.data as Uint8Array, (flag) => flag === 1) : column.data;
  return isAlone(type.shape) || type.shape.length === 0 ? data : nested(data, column.shape);
}

function pictures({ data, shape }: NumberColumn): Uint8Array[] {
  const [rows, height, width, channels] = shape;
  const size = height * width * channels;
  return Array.from({ length: rows }, (_, row) =>
    encodePng({ height, width, data: data.subarray(row * size, (row + 1) * size) as Uint8Array }, channels),
  );
}

/** Lists of lists, as deep as an array has axes. */
function nested(data: ArrayLike<unknown>, [rows, ...lists]: readonly number[]): unknown[] {
  const width = lists.reduce((product, size) => product * size, 1);
  if (lists.length === 1) {
    return Array.from({ length: rows }, (_, row) =>
      Array.prototype.slice.call(data, row * width, (row + 1) * width),
    );
  }
  return Array.from({ length: rows }, (_, row) => {
    const part = Array.prototype.slice.call(data, row * width, (row + 1) * width);
    return nested(part, lists);
  });
}
