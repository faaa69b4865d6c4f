import { UserError } from '../../../errors.js';
import { type BytesColumn, type Column, isNumbers, type NumberColumn } from '../../column.js';
import type { DeclaredColumn } from '../../dataset.js';
import { decodeJpeg } from '../../storage/jpeg.js';

type Encoded = BytesColumn | NumberColumn<'uint8'>;

/** True if a column that is declared as pictures holds each as a JPEG: of its own length, or all in rows of one length. */
export function isEncoded(column: Column, { dtype, shape }: DeclaredColumn): column is Encoded {
  const isPicture =
    dtype === 'uint8' && (shape.length === 2 || (shape.length === 3 && [1, 3].includes(shape[2])));
  return isPicture && (column.dtype === 'bytes' || (column.dtype === 'uint8' && column.shape.length === 2));
}

/** The pictures themselves, [rows, height, width] or [rows, height, width, channels] as declared. */
export async function decodePictures(
  place: string,
  column: Encoded,
  { shape }: DeclaredColumn,
): Promise<NumberColumn<'uint8'>> {
  const rows = column.shape[0];
  const [height, width, channels = 1] = shape;
  const size = height * width * channels;
  const data = new Uint8Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const jpeg = isNumbers(column)
      ? column.data.subarray(row * column.shape[1], (row + 1) * column.shape[1])
      : column.data[row];
    const picture = await decodeJpeg(jpeg, channels === 3 ? 3 : 1).catch((error: Error) => {
      throw new UserError(`${place} holds a picture at step ${row} that can't be decoded: ${error.message}`);
    });
    if (picture.height !== height || picture.width !== width) {
      throw new UserError(
        `${place} holds a picture of ${picture.height} × ${picture.width} at step ${row}; expected ${height} × ${width}`,
      );
    }
    data.set(picture.data, row * size);
  }
  return { dtype: 'uint8', shape: [rows, ...shape], data };
}
