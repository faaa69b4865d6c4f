import { type NumberArrays, type NumberType, newNumbers } from '../column.js';

/** The list of values of one feature of an example, not yet decoded. A list without values may have no kind. */
export interface Feature {
  kind: 'bytes' | 'floats' | 'integers' | 'none';
  /** The message of the list, as protocol buffers have it. */
  list: Uint8Array;
}

const KINDS = ['none', 'bytes', 'floats', 'integers'] as const;

/** Types of fields in protocol buffers. */
const VARINT = 0;
const LENGTH = 2;

/** The features of a `tf.train.Example` by their names. Throws an Error if the bytes are none. */
export function parseExample(bytes: Uint8Array): Map<string, Feature> {
  const features = new Map<string, Feature>();
  for (const message of new Fields(bytes).messages(1)) {
    for (const entry of new Fields(message).messages(1)) {
      const [name] = new Fields(entry).messages(1);
      const [value] = new Fields(entry).messages(2);
      features.set(name ? TEXT.decode(name) : '', featureOf(value ?? EMPTY));
    }
  }
  return features;
}

const EMPTY = new Uint8Array(0);
const TEXT = new TextDecoder();

function featureOf(message: Uint8Array): Feature {
  const fields = new Fields(message);
  while (fields.next()) {
    if (fields.wire !== LENGTH) continue;
    const kind = KINDS[fields.number];
    if (kind !== undefined) return { kind, list: fields.bytes };
  }
  return { kind: 'none', list: EMPTY };
}

/** The values of a list of bytes. */
export function bytesOf({ list }: Feature): Uint8Array[] {
  return [...new Fields(list).messages(1)];
}

/** The values of a list of floats. */
export function floatsOf({ list }: Feature): Float32Array {
  const parts: Uint8Array[] = [];
  const fields = new Fields(list);
  while (fields.next()) if (fields.number === 1 && fields.wire !== VARINT) parts.push(fields.bytes);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  if (bytes.length % 4 !== 0) throw new Error('its floats are cut off');
  return new Float32Array(bytes.buffer);
}

/** The values of a list of integers, in the array of their type. */
export function integersOf<T extends NumberType>({ list }: Feature, dtype: T): NumberArrays[T] {
  const packed: Uint8Array[] = [];
  const fields = new Fields(list);
  while (fields.next()) if (fields.number === 1) packed.push(fields.bytes);
  const values = newNumbers(
    dtype,
    packed.reduce((sum, part) => sum + valuesIn(part), 0),
  );
  const isWide = values instanceof BigInt64Array || values instanceof BigUint64Array;
  const wide = isWide ? values : new BigInt64Array(1);
  let filled = 0;
  for (const part of packed) {
    if (!isWide && valuesIn(part) === part.length) {
      values.set(part, filled);
      filled += part.length;
      continue;
    }
    let offset = 0;
    while (offset < part.length) {
      if (part[offset] < 0x80) {
        if (isWide) values[filled++] = BigInt(part[offset++]);
        else (values as Float64Array)[filled++] = part[offset++];
        continue;
      }
      let value = 0n;
      let shift = 0n;
      for (;;) {
        if (offset >= part.length || shift > 63n) throw new Error('its integers are cut off');
        const byte = part[offset++];
        value |= BigInt(byte & 0x7f) << shift;
        shift += 7n;
        if (byte < 0x80) break;
      }
      // A 64-bit pattern, whose sign the array of the type finds.
      if (isWide) {
        values[filled++] = value;
      } else {
        wide[0] = value;
        (values as Float64Array)[filled++] = Number(wide[0]);
      }
    }
  }
  return values as NumberArrays[T];
}

/** The number of integers in packed ones: each ends with the one byte that has no continuation bit. */
function valuesIn(packed: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < packed.length; i++) if (packed[i] < 0x80) count++;
  return count;
}

/** Goes through the fields of a message. */
class Fields {
  number = 0;
  wire = 0;
  /** The bytes of the field's value. */
  bytes: Uint8Array = EMPTY;
  private offset = 0;

  constructor(private readonly message: Uint8Array) {}

  /** Goes to the next field; false if there is none. Throws an Error if it is cut off. */
  next(): boolean {
    if (this.offset >= this.message.length) return false;
    const tag = this.varint();
    this.number = Math.floor(tag / 8);
    this.wire = tag % 8;
    const begin = this.offset;
    if (this.wire === VARINT) {
      this.varint();
      this.bytes = this.message.subarray(begin, this.offset);
      return true;
    }
    const size = this.wire === 1 ? 8 : this.wire === 5 ? 4 : this.wire === LENGTH ? this.varint() : -1;
    if (size < 0 || this.offset + size > this.message.length) throw new Error('it is cut off or damaged');
    this.bytes = this.message.subarray(this.offset, this.offset + size);
    this.offset += size;
    return true;
  }

  /** The values of all fields of this number that are messages, texts or bytes. */
  *messages(number: number): Generator<Uint8Array> {
    while (this.next()) if (this.number === number && this.wire === LENGTH) yield this.bytes;
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = this.message[this.offset++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new Error('it is cut off or damaged');
  }
}
