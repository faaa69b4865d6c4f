import { readFile } from 'node:fs/promises';
import { UserError } from '../../../errors.js';
import { fileExists } from '../../../files/reading.js';
import { type BytesColumn, type NumberColumn, newNumbers, type TextColumn } from '../../column.js';
import { decodeJpeg } from '../../storage/jpeg.js';
import { decodePng, isPng, pngSize } from '../../storage/png.js';
import { within } from './info.js';

/** Encoded pictures, one a row: their bytes, or the paths of their files. */
export interface EncodedPictures {
  bytes: BytesColumn;
  paths: TextColumn | null;
  /** Rows that have no bytes. */
  empty: readonly number[];
}

/**
 * The pictures themselves, [rows, height, width, channels], of 8 bits each, or of 16 where the files have these. `place` names the
 * column in messages.
 */
export async function decodePictures(
  root: string,
  place: string,
  { bytes, paths, empty }: EncodedPictures,
  shape: readonly number[],
): Promise<NumberColumn> {
  const [height, width, channels = 1] = shape;
  const [rows] = bytes.shape;
  const size = height * width * channels;
  let pictures: NumberColumn | null = null;
  for (let row = 0; row < rows; row++) {
    const encoded = empty.includes(row)
      ? await readPicture(root, place, row, paths?.data[row])
      : bytes.data[row];
    const data = await decode(encoded, height, width, channels).catch((error: Error) => {
      throw new UserError(`${place} holds a picture at step ${row} that can't be decoded: ${error.message}`);
    });
    const dtype = data instanceof Uint16Array ? 'uint16' : 'uint8';
    pictures ??= { dtype, shape: [rows, ...shape], data: newNumbers(dtype, rows * size) };
    (pictures.data as Uint16Array).set(data, row * size);
  }
  return pictures!;
}

async function readPicture(root: string, place: string, row: number, name?: string): Promise<Uint8Array> {
  if (!name) throw new UserError(`${place} holds nothing at step ${row}`);
  const path = within(root, name, place);
  if (await fileExists(path)) return readFile(path);
  throw new UserError(
    `${place} names the picture ${name} at step ${row}, and there is no such file in ${root}`,
  );
}

async function decode(
  bytes: Uint8Array,
  height: number,
  width: number,
  channels: number,
): Promise<Uint8Array | Uint16Array> {
  if (isPng(bytes)) {
    // A size that differs would be allocated before it shows.
    checkSize(pngSize(bytes), height, width);
    return (await decodePng(bytes, channels)).data;
  }
  const picture = await decodeJpeg(bytes, channels === 3 ? 3 : 1);
  checkSize(picture, height, width);
  return picture.data;
}

function checkSize(found: { height: number; width: number }, height: number, width: number): void {
  if (found.height === height && found.width === width) return;
  throw new Error(`it is of ${found.height} × ${found.width}; expected ${height} × ${width}`);
}
