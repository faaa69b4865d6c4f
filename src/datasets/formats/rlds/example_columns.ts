import { inflateSync } from 'node:zlib';
import { UserError } from '../../../errors.js';
import { type Column, isNumberType, type NumberColumn, type NumberType, newNumbers } from '../../column.js';
import { decodeJpeg } from '../../storage/jpeg.js';
import { decodePng, isPng, pngSize } from '../../storage/png.js';
import { bytesOf, type Feature, floatsOf, integersOf } from '../../storage/tf_example.js';
import type { Leaf } from './features.js';

/** The type of the column that a leaf becomes; null if there is none. Floats of 16 bits are stored as those of 32. */
export function columnType({ kind, dtype }: Leaf): NumberType | 'string' | null {
  if (kind === 'unknown') return null;
  if (kind === 'text') return 'string';
  if (kind === 'picture') return dtype === 'uint8' || dtype === 'uint16' ? dtype : null;
  if (dtype === 'float16' || dtype === 'bfloat16') return kind === 'numbers' ? 'float32' : null;
  return isNumberType(dtype) ? dtype : null;
}

/**
 * The values of a leaf as a column, a row each; all in one row's shape if `rows` is not given. Throws a UserError that begins with
 * `place` if they are not as the leaf says.
 */
export async function decodeColumn(
  place: string,
  leaf: Leaf,
  feature: Feature,
  rows?: number,
): Promise<Column> {
  const type = columnType(leaf);
  if (type === null) throw new UserError(`${place} is ${leaf.dtype}, which can't be read here`);
  try {
    if (type === 'string') return texts(bytesOf(feature));
    switch (leaf.kind) {
      case 'numbers':
        return plainNumbers(leaf, type, feature, rows);
      case 'picture':
        return await pictures(leaf, type, bytesOf(feature));
      default:
        return packedNumbers(leaf, type, bytesOf(feature));
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

function texts(values: readonly Uint8Array[]): Column {
  try {
    return { dtype: 'string', shape: [values.length], data: values.map((value) => UTF8.decode(value)) };
  } catch {
    return { dtype: 'bytes', shape: [values.length], data: values };
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function plainNumbers({ shape }: Leaf, dtype: NumberType, feature: Feature, rows?: number): NumberColumn {
  const data = feature.kind === 'none' ? newNumbers(dtype, 0) : valuesOf(feature, dtype);
  const free = shape.filter((size) => size < 0).length;
  const known = shape.reduce((product, size) => (size < 0 ? product : product * size), 1);
  if (free > 1)
    throw new Error(`its shape [${shape.join(', ')}] has several free sizes, which can't be read here`);
  const count = rows ?? (free === 0 ? data.length / known : 1);
  const size = free === 0 ? known : data.length / count;
  if (!Number.isInteger(count) || count * size !== data.length || (known > 0 && size % known !== 0)) {
    const each = rows ? `, ${Number((data.length / rows).toFixed(2))} for each of ${rows} steps` : '';
    throw new Error(`it holds ${data.length} numbers${each}; features.json says [${shape.join(', ')}]`);
  }
  return { dtype, shape: [count, ...shape.map((axis) => (axis < 0 ? size / known : axis))], data };
}

function valuesOf(feature: Feature, dtype: NumberType): NumberColumn['data'] {
  if (feature.kind === 'bytes') throw new Error(`it holds bytes; features.json says ${dtype}`);
  if (feature.kind === 'integers') return integersOf(feature, dtype);
  const floats = floatsOf(feature);
  if (dtype === 'float32') return floats;
  if (dtype === 'float64') return Float64Array.from(floats);
  throw new Error(`it holds floats; features.json says ${dtype}`);
}

/** Numbers of which each row is the bytes of its own, compressed or not. */
function packedNumbers(
  { kind, shape }: Leaf,
  dtype: NumberType,
  values: readonly Uint8Array[],
): NumberColumn {
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (shape.some((axis) => axis < 0)) throw new Error(`its shape [${shape.join(', ')}] is not fixed`);
  const one = newNumbers(dtype, 1).BYTES_PER_ELEMENT * size;
  const bytes = new Uint8Array(one * values.length);
  for (const [row, value] of values.entries()) {
    const stored = kind === 'zlib' ? inflateSync(value, { maxOutputLength: Math.max(1, one) }) : value;
    if (stored.length !== one) {
      throw new Error(
        `it holds ${stored.length} bytes at step ${row}; expected ${one}, for [${shape.join(', ')}]`,
      );
    }
    bytes.set(stored, row * one);
  }
  const data = newNumbers(dtype, size * values.length);
  new Uint8Array(data.buffer).set(bytes);
  return { dtype, shape: [values.length, ...shape], data };
}

async function pictures(
  { shape }: Leaf,
  dtype: NumberType,
  values: readonly Uint8Array[],
): Promise<NumberColumn> {
  const channels = shape[2] > 0 ? shape[2] : 3;
  const decoded = [];
  for (const [step, value] of values.entries()) {
    const picture = await decodePicture(value, channels, shape).catch((error: Error) => {
      throw new Error(`it holds a picture at step ${step} that can't be decoded: ${error.message}`);
    });
    const [first = picture] = decoded;
    if (picture.height !== first.height || picture.width !== first.width) {
      throw new Error(`it holds pictures of several sizes, at step ${step} for the first time`);
    }
    decoded.push(picture);
  }
  const size = decoded[0]?.data.length ?? 0;
  const data = newNumbers(dtype, size * values.length);
  for (const [row, picture] of decoded.entries()) (data as Uint16Array).set(picture.data, row * size);
  const { height, width } = decoded[0] ?? { height: shape[0], width: shape[1] };
  return { dtype, shape: [values.length, height, width, channels], data };
}

async function decodePicture(bytes: Uint8Array, channels: number, [height, width]: readonly number[]) {
  const check = (found: { height: number; width: number }) => {
    if ((height < 0 || found.height === height) && (width < 0 || found.width === width)) return;
    throw new Error(`it is of ${found.height} × ${found.width}; expected ${height} × ${width}`);
  };
  if (isPng(bytes)) {
    // A size that differs would be allocated before it shows.
    check(pngSize(bytes));
    return decodePng(bytes, channels);
  }
  const picture = await decodeJpeg(bytes, channels === 3 ? 3 : 1);
  check(picture);
  return picture;
}
