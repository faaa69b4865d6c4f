import type { ArrowField, ArrowKind } from './arrow_schema.js';
import type { FlatTable } from './flatbuffer.js';

/** A field's data in one batch of rows. */
export interface ArrowData {
  kind: ArrowKind;
  length: number;
  /** Bits, 1 for what is there; null if all of it is. */
  validity: Uint8Array | null;
  /** Places of lists, texts and bytes in what they are cut from; empty for others. */
  offsets: Uint8Array;
  /** The numbers, texts or bytes themselves; empty for lists and structures. */
  values: Uint8Array;
  children: ArrowData[];
}

/** The decompressors of buffers, by Arrow's numbers. */
export type Codecs = readonly ((bytes: Uint8Array, size: number) => Uint8Array)[];

/** The fields' data in a batch, of which the buffers lie in `body`. Throws an Error if it is damaged. */
export function batchData(
  batch: FlatTable,
  fields: readonly ArrowField[],
  body: Uint8Array,
  codecs: Codecs,
): ArrowData[] {
  const nodes = batch.longs(1, 2);
  const buffers = batch.longs(2, 2);
  const compression = batch.table(3);
  const codec = compression && codecs[compression.byte(0)];
  if (codec === undefined) throw new Error('an unknown compression');
  let [node, buffer] = [0, 0];
  const next = (): Uint8Array => {
    const [from, length] = buffers[buffer++] ?? [];
    if (!(from >= 0 && length >= 0 && from + length <= body.length)) {
      throw new Error(`a buffer at byte ${from} of ${length} bytes, of ${body.length}`);
    }
    const stored = body.subarray(from, from + length);
    return codec ? decompressed(stored, codec) : stored;
  };
  const read = ({ kind, children }: ArrowField): ArrowData => {
    const [length, empty] = nodes[node++] ?? [];
    if (!(length >= 0)) throw new Error(`a field of ${length} values`);
    const isNull = kind.type === 'other' && kind.buffers === 0;
    const bits = isNull ? NOTHING : next();
    if (empty > 0 && length > 8 * bits.length)
      throw new Error(`${length} values with ${bits.length} bytes of flags`);
    const hasOffsets = kind.type === 'texts' || kind.type === 'bytes' || kind.type === 'lists';
    const offsets = hasOffsets ? next() : NOTHING;
    const isList = kind.type === 'lists' || kind.type === 'fixed lists' || kind.type === 'structure';
    const values = isList || isNull ? NOTHING : next();
    return {
      kind,
      length,
      validity: empty > 0 ? bits : null,
      offsets,
      values,
      children: children.map(read),
    };
  };
  return fields.map(read);
}

const NOTHING = new Uint8Array();

/** More than a buffer of zeros shrinks to. */
const MAX_RATIO = 100_000;

/** The contents of a buffer that begins with their size, which is −1 for one that compression would make larger. */
function decompressed(stored: Uint8Array, codec: Codecs[number]): Uint8Array {
  if (stored.length === 0) return stored;
  const size = new DataView(stored.buffer, stored.byteOffset, stored.byteLength).getBigInt64(0, true);
  const rest = stored.subarray(8);
  if (size === -1n) return rest;
  // A damaged size would be allocated before the damage shows.
  if (size < 0n || Number(size) > MAX_RATIO * stored.length) throw new Error(`a buffer of ${size} bytes`);
  const contents = codec(rest, Number(size));
  if (contents.length !== Number(size)) throw new Error(`${contents.length} bytes instead of ${size}`);
  return contents;
}

/** True if a value is there. */
export function isThere({ validity }: ArrowData, index: number): boolean {
  return validity === null || ((validity[index >> 3] >> (index & 7)) & 1) === 1;
}

/** The places in `offsets` from that of value `from` to the end of value `to` − 1. */
export function offsetsOf({ kind, offsets }: ArrowData, from: number, to: number): number[] {
  if (!('offsets' in kind)) return [];
  const { offsets: size } = kind;
  const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  const count = to - from + 1;
  // An array without values need not have any.
  if (count === 1 && view.byteLength === 0) return [0];
  if ((to + 1) * size > view.byteLength) throw new Error(`offsets of ${view.byteLength / size} values`);
  return Array.from({ length: count }, (_, i) =>
    size === 4 ? view.getInt32((from + i) * 4, true) : Number(view.getBigInt64((from + i) * 8, true)),
  );
}
