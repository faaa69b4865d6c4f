import { ByteReader } from './byte_reader.js';
import { decompressPart } from './riegeli_compression.js';

/** Facts about a chunk's records, from its header. */
export interface RecordsSize {
  records: number;
  /** Bytes of all records together. */
  size: number;
}

/** The action of a node of the machine: mostly, bytes that it puts before those that it has written. */
type Action =
  | { kind: 'nothing' }
  /** A record that is no message. */
  | { kind: 'record'; buffer: ByteReader }
  | { kind: 'submessage start' }
  | { kind: 'message start' }
  /** A submessage's tag stands before it, and is put there where it starts. */
  | { kind: 'submessage end'; tag: Uint8Array }
  /** A tag, with a value that is always the same. */
  | { kind: 'tag'; tag: Uint8Array }
  | { kind: 'varint' | 'fixed'; tag: Uint8Array; buffer: ByteReader; length: number }
  | { kind: 'bytes'; tag: Uint8Array; buffer: ByteReader };

interface Node {
  action: Action;
  next: number;
  /** True if the next node follows without being told. */
  implicit: boolean;
}

interface Machine {
  nodes: readonly Node[];
  first: number;
  /** Lengths of the records that are no messages, if there are any: the last buffer. */
  lengths: ByteReader;
  /** One byte for one to four steps of the machine. */
  transitions: ByteReader;
}

/**
 * The records of a transposed chunk, which has the values of each field of protocol buffers in a buffer of its own. A machine puts
 * them together, from the last byte to the first. Throws an Error if the chunk is damaged.
 */
export function decodeTransposed(data: Uint8Array, expected: RecordsSize): Uint8Array[] {
  return run(readMachine(data), expected);
}

function readMachine(data: Uint8Array): Machine {
  const reader = new ByteReader(data);
  const compression = reader.byte();
  const header = new ByteReader(decompressPart(compression, reader.take(reader.varint())));
  const buffers = readBuffers(header, reader, compression);
  const size = header.varint();
  // Each node has two bytes or more.
  if (size > header.left / 2) throw new Error(`${size} nodes in ${header.left} bytes`);
  const tags = Array.from({ length: size }, () => header.varint());
  const nexts = Array.from({ length: size }, () => header.varint());
  const subtypes = new ByteReader(header.take(tags.filter(hasSubtype).length));
  const bufferOf = () => {
    const index = header.varint();
    if (index >= buffers.length) throw new Error(`buffer ${index} of ${buffers.length}`);
    return buffers[index];
  };
  const nodes = tags.map((tag, i): Node => {
    const action = actionOf(tag, hasSubtype(tag) ? subtypes.byte() : 0, bufferOf);
    const implicit = nexts[i] >= size;
    return { action, next: implicit ? nexts[i] - size : nexts[i], implicit };
  });
  const first = header.varint();
  const lengths = buffers.at(-1) ?? new ByteReader(new Uint8Array());
  return { nodes, first, lengths, transitions: new ByteReader(decompressPart(compression, reader.rest())) };
}

/** Buffers lie one after another in compressed buckets; the sizes of both stand in the header. */
function readBuffers(header: ByteReader, data: ByteReader, compression: number): ByteReader[] {
  const [bucketCount, bufferCount] = [header.varint(), header.varint()];
  if (bucketCount + bufferCount > header.left) throw new Error(`${bufferCount} buffers in too few bytes`);
  const buckets = Array.from({ length: bucketCount }, () => header.varint()).map(
    (size) => new ByteReader(decompressPart(compression, data.take(size))),
  );
  let bucket = 0;
  return Array.from({ length: bufferCount }, () => {
    const size = header.varint();
    while (bucket < buckets.length - 1 && buckets[bucket].left === 0) bucket++;
    if (bucket >= buckets.length) throw new Error('buffers without buckets');
    return new ByteReader(buckets[bucket].take(size));
  });
}

/** Tags below 8 are no fields, but commands. */
function hasSubtype(tag: number): boolean {
  return tag >= 8 && tag % 8 === 0;
}

function actionOf(tag: number, subtype: number, buffer: () => ByteReader): Action {
  switch (tag) {
    case 0:
      return { kind: 'nothing' };
    case 1:
      return { kind: 'record', buffer: buffer() };
    case 2:
      return { kind: 'submessage start' };
    case 3:
      return { kind: 'message start' };
  }
  const bytes = varintBytes(tag);
  const type = tag % 8;
  if (tag < 8) throw new Error(`tag ${tag}`);
  switch (type) {
    case 0: {
      if (subtype < 10) return { kind: 'varint', tag: bytes, buffer: buffer(), length: subtype + 1 };
      if (subtype - 10 > 127) throw new Error(`subtype ${subtype}`);
      return { kind: 'tag', tag: Uint8Array.of(...bytes, subtype - 10) };
    }
    case 1:
    case 5:
      return { kind: 'fixed', tag: bytes, buffer: buffer(), length: type === 1 ? 8 : 4 };
    case 2:
      return { kind: 'bytes', tag: bytes, buffer: buffer() };
    case 3:
    case 4:
      return { kind: 'tag', tag: bytes };
    case 6:
      return { kind: 'submessage end', tag: varintBytes(tag - 4) };
    default:
      throw new Error(`tag ${tag}`);
  }
}

function run({ nodes, first, lengths, transitions }: Machine, expected: RecordsSize): Uint8Array[] {
  const output = new BackwardBytes(expected.size);
  const ends: { place: number; tag: Uint8Array }[] = [];
  const records: Uint8Array[] = [];
  let end = expected.size;
  const finishRecord = () => {
    if (ends.length > 0) throw new Error('a record with open submessages');
    if (records.length === expected.records) throw new Error(`more than ${expected.records} records`);
    records.push(output.bytes.subarray(output.begin, end));
    end = output.begin;
  };
  const act = (action: Action) => {
    switch (action.kind) {
      case 'nothing':
        return;
      case 'record':
        output.put(action.buffer.take(lengths.varint()));
        return finishRecord();
      case 'submessage start': {
        const submessage = ends.pop();
        if (!submessage) throw new Error('a submessage without an end');
        output.put(varintBytes(submessage.place - output.begin));
        return output.put(submessage.tag);
      }
      case 'message start':
        return finishRecord();
      case 'submessage end':
        ends.push({ place: output.begin, tag: action.tag });
        return;
      case 'tag':
        return output.put(action.tag);
      case 'varint': {
        const value = action.buffer.take(action.length);
        output.put(value);
        // All bytes but the last say that another one follows.
        for (let i = 0; i < value.length - 1; i++) output.bytes[output.begin + i] |= 0x80;
        return output.put(action.tag);
      }
      case 'fixed':
        output.put(action.buffer.take(action.length));
        return output.put(action.tag);
      case 'bytes': {
        const length = action.buffer.varint();
        output.put(action.buffer.take(length));
        output.put(varintBytes(length));
        return output.put(action.tag);
      }
    }
  };
  const nodeAt = (index: number) => {
    if (index >= nodes.length) throw new Error(`node ${index} of ${nodes.length}`);
    return nodes[index];
  };
  let index = first;
  let node = nodeAt(index);
  let repeats = node.implicit ? 1 : 0;
  for (let untold = 0; ; ) {
    act(node.action);
    index = node.next;
    if (repeats > 0) {
      node = nodeAt(index);
      if (!node.implicit) repeats--;
      if (++untold > 4 * (nodes.length + 1)) throw new Error('nodes in a loop');
    } else {
      if (transitions.left === 0) break;
      const transition = transitions.byte();
      index += transition >> 2;
      node = nodeAt(index);
      repeats = (transition & 3) + (node.implicit ? 1 : 0);
      untold = 0;
    }
  }
  if (ends.length > 0 || end !== output.begin) throw new Error('a record without its start');
  return records.reverse();
}

/** An array that is filled from its end. */
class BackwardBytes {
  readonly bytes: Uint8Array;
  /** The first place that is filled. */
  begin: number;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.begin = size;
  }

  put(part: Uint8Array): void {
    if (part.length > this.begin)
      throw new Error(`more than the ${this.bytes.length} bytes that are declared`);
    this.begin -= part.length;
    this.bytes.set(part, this.begin);
  }
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.of(...bytes, rest);
}
