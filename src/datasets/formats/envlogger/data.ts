import { type NumberArrays, type NumberType, newNumbers } from '../../column.js';
import { ByteReader } from '../../storage/byte_reader.js';
import { type ProtobufField, protobufFields } from '../../storage/protobuf.js';

/** An array as EnvLogger stores it; one number or text has no axes. */
export type StoredArray = { shape: readonly number[] } & (
  | { dtype: NumberType; data: NumberArrays[NumberType] }
  | { dtype: 'string'; data: readonly string[] }
  | { dtype: 'bytes'; data: readonly Uint8Array[] }
);

/** A value of EnvLogger's `Data`. Empty lists, dictionaries and arrays all are null: nothing tells them apart. */
export type StoredValue =
  | null
  | { kind: 'array'; array: StoredArray }
  | { kind: 'list'; values: readonly StoredValue[] }
  | { kind: 'dictionary'; values: ReadonlyMap<string, StoredValue> };

/** More axes than numpy allows, and more values within values than anybody records. */
const MOST_AXES = 64;
const MOST_DEPTH = 64;
/** The size of the one axis that a single number or text has. */
const SCALAR = -438n;

/** Decodes a record. Throws an Error if it is damaged. */
export function decodeData(bytes: Uint8Array, depth = 0): StoredValue {
  if (depth > MOST_DEPTH) throw new Error(`more than ${MOST_DEPTH} values within one another`);
  let value: StoredValue = null;
  for (const field of messagesIn(bytes)) {
    switch (field.number) {
      case 1: {
        const array = decodeDatum(field.value);
        value = array && { kind: 'array', array };
        break;
      }
      case 2:
      case 3:
        value = { kind: 'list', values: listOf(field.value, depth) };
        break;
      case 4:
        value = { kind: 'dictionary', values: dictionaryOf(field.value, depth) };
        break;
    }
  }
  return value;
}

/** Decodes an array; null if it is empty. Throws an Error if it is damaged. */
export function decodeDatum(bytes: Uint8Array): StoredArray | null {
  let shape: number[] = [];
  let values: ProtobufField[] = [];
  for (const field of messagesIn(bytes)) {
    if (field.number === 1) shape = shapeOf(field.value);
    if (field.number === 2) values = [...values, ...protobufFields(field.value)];
  }
  if (values.length === 0) return null;
  const array = { ...arrayOf(values), shape } as StoredArray;
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (array.data.length === size) return array;
  throw new Error(`${array.data.length} values in an array of shape [${shape.join(', ')}]`);
}

function* messagesIn(bytes: Uint8Array): Generator<{ number: number; value: Uint8Array }> {
  for (const field of protobufFields(bytes)) {
    if (field.wire === 'bytes') yield field;
  }
}

function listOf(bytes: Uint8Array, depth: number): StoredValue[] {
  return [...messagesIn(bytes)]
    .filter(({ number }) => number === 1)
    .map(({ value }) => decodeData(value, depth + 1));
}

function dictionaryOf(bytes: Uint8Array, depth: number): Map<string, StoredValue> {
  const values = new Map<string, StoredValue>();
  for (const { number, value } of messagesIn(bytes)) {
    if (number === 1) {
      const entry = new Map([...messagesIn(value)].map((field) => [field.number, field.value]));
      const key = Buffer.from(entry.get(1) ?? []).toString();
      values.set(key, decodeData(entry.get(2) ?? new Uint8Array(), depth + 1));
    }
    if (number === 2) {
      // Pairs of a key and a value, where the keys are no texts.
      for (const pair of listOf(value, depth)) {
        if (pair?.kind !== 'list') throw new Error('a key without a value');
        const [key, held] = pair.values;
        values.set(keyText(key), held ?? null);
      }
    }
  }
  return values;
}

function keyText(key: StoredValue): string {
  if (key?.kind === 'array') return String(key.array.data[0]);
  if (key?.kind === 'list') return key.values.map(keyText).join(',');
  throw new Error('a key that is no number, text or list of these');
}

function shapeOf(bytes: Uint8Array): number[] {
  const sizes = [...messagesIn(bytes)]
    .filter(({ number }) => number === 2)
    .map(({ value }) => {
      const [size] = protobufFields(value);
      return size?.wire === 'varint' ? BigInt.asIntN(64, size.value) : 0n;
    });
  if (sizes.length > MOST_AXES) throw new Error(`${sizes.length} axes`);
  if (sizes.length === 1 && sizes[0] === SCALAR) return [];
  return sizes.map((size) => {
    if (size >= 0n && size < 2n ** 32n) return Number(size);
    throw new Error(`an axis of ${size}`);
  });
}

/** The values of an array, of the type that their field says. */
function arrayOf(fields: readonly ProtobufField[]): Omit<StoredArray, 'shape'> {
  const [{ number }] = fields;
  const parts = fields.filter((field) => field.number === number);
  switch (number) {
    case 1:
      return numbers('float32', joined(parts), 4, (view, at) => view.getFloat32(at, true));
    case 2:
      return numbers('float64', joined(parts), 8, (view, at) => view.getFloat64(at, true));
    case 3:
      return integers('int32', parts, (value) => Number(BigInt.asIntN(32, value)));
    case 4:
      return integers('int64', parts, (value) => BigInt.asIntN(64, value));
    case 5:
      return integers('uint32', parts, (value) => Number(BigInt.asUintN(32, value)));
    case 6:
      return integers('uint64', parts, (value) => value);
    case 7:
      return integers('bool', parts, (value) => (value === 0n ? 0 : 1));
    case 8:
      return { dtype: 'string', data: parts.map((part) => Buffer.from(bytesIn(part)).toString()) };
    case 9:
      return { dtype: 'bytes', data: parts.map((part) => Uint8Array.from(bytesIn(part))) };
    case 10:
      return pythonIntegers(parts);
    case 11:
      return numbers('int8', joined(parts), 1, (view, at) => view.getInt8(at));
    case 12:
      return numbers('int16', joined(parts), 2, (view, at) => view.getInt16(at));
    case 13:
      return numbers('uint8', joined(parts), 1, (view, at) => view.getUint8(at));
    case 14:
      return numbers('uint16', joined(parts), 2, (view, at) => view.getUint16(at));
    case 15:
      return numbers('float32', joined(parts), 4, (view, at) => view.getFloat32(at));
    default:
      throw new Error(`values of an unknown type, ${number}`);
  }
}

function numbers(
  dtype: NumberType,
  bytes: Uint8Array,
  width: number,
  read: (view: DataView, at: number) => number,
): Omit<StoredArray, 'shape'> {
  if (bytes.length % width !== 0) throw new Error(`${bytes.length} bytes of ${dtype}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const data = newNumbers(dtype, bytes.length / width);
  for (let i = 0; i < data.length; i++) data[i] = read(view, i * width);
  return { dtype, data } as Omit<StoredArray, 'shape'>;
}

/** Numbers of a varint each, packed one behind the other or in a field of their own. */
function integers(
  dtype: NumberType,
  parts: readonly ProtobufField[],
  convert: (value: bigint) => number | bigint,
): Omit<StoredArray, 'shape'> {
  const values = parts.flatMap((part) => (part.wire === 'varint' ? [part.value] : packed(bytesIn(part))));
  const data = newNumbers(dtype, values.length);
  for (let i = 0; i < data.length; i++) data[i] = convert(values[i]);
  return { dtype, data } as Omit<StoredArray, 'shape'>;
}

function packed(bytes: Uint8Array): bigint[] {
  const reader = new ByteReader(bytes);
  const values: bigint[] = [];
  while (reader.left > 0) values.push(reader.varint64());
  return values;
}

/** Integers of Python, each in as many bytes as it needs, the highest first. Those of up to 64 bits are read. */
function pythonIntegers(parts: readonly ProtobufField[]): Omit<StoredArray, 'shape'> {
  const values = parts.map((part) => {
    const bytes = bytesIn(part);
    if (bytes.length > 9) throw new Error(`an integer of ${bytes.length} bytes`);
    const value = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
    return BigInt.asIntN(8 * bytes.length, value);
  });
  const dtype = values.every((value) => value === BigInt.asIntN(64, value)) ? 'int64' : 'uint64';
  const data = dtype === 'int64' ? BigInt64Array.from(values) : BigUint64Array.from(values);
  if (values.some((value, i) => value !== data[i])) throw new Error('integers of more than 64 bits');
  return { dtype, data } as Omit<StoredArray, 'shape'>;
}

/** The bytes of all parts: floats are packed into one, or in a field each. */
function joined(parts: readonly ProtobufField[]): Uint8Array {
  return parts.length === 1 ? bytesIn(parts[0]) : Buffer.concat(parts.map(bytesIn));
}

function bytesIn(part: ProtobufField): Uint8Array {
  if (part.wire === 'varint') throw new Error('a number where bytes belong');
  return part.value;
}
