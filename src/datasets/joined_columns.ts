import { UserError } from '../errors.js';
import {
  type Columns,
  columnName,
  isNumbers,
  type NumberArrays,
  type NumberColumn,
  type NumberType,
  rowSize,
} from './column.js';

/**
 * The columns of a part as one, for formats with a single array of them: a column alone as it is; several of numbers as one
 * vector, in their order. Throws a UserError that begins with `place` and names a column of texts, bytes or pictures.
 */
export function joinedColumn(place: string, part: string, columns: Columns): NumberColumn {
  for (const [path, column] of columns) {
    const isPicture = columns.size > 1 && column.dtype === 'uint8' && column.shape.length > 2;
    if (isNumbers(column) && !isPicture) continue;
    const holds = isPicture ? 'pictures' : column.dtype === 'string' ? 'texts' : 'bytes';
    throw new UserError(
      `${place}/${columnName(part, path)} holds ${holds}, and this format has one array of numbers for all ${part}`,
    );
  }
  const parts = [...columns.values()] as NumberColumn[];
  if (parts.length === 0) throw new UserError(`${place} has no ${part}`);
  if (parts.length === 1) return parts[0];
  return concatenated(parts);
}

function concatenated(parts: readonly NumberColumn[]): NumberColumn {
  const [rows] = parts[0].shape;
  const widths = parts.map(rowSize);
  const width = widths.reduce((sum, size) => sum + size, 0);
  const dtype = commonType(parts.map((part) => part.dtype));
  const data = dtype === 'float32' ? new Float32Array(rows * width) : new Float64Array(rows * width);
  let offset = 0;
  for (const [i, part] of parts.entries()) {
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < widths[i]; k++) {
        data[row * width + offset + k] = Number(part.data[row * widths[i] + k]);
      }
    }
    offset += widths[i];
  }
  return { dtype, shape: [rows, width], data };
}

/** A type of floats that holds all of these; integers of 64 bits only as far as float64 does. */
function commonType(types: readonly NumberType[]): 'float32' | 'float64' {
  const fitting: readonly (keyof NumberArrays)[] = ['float32', 'bool', 'int8', 'uint8', 'int16', 'uint16'];
  return types.every((type) => fitting.includes(type)) ? 'float32' : 'float64';
}
