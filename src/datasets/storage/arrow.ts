import { readFile } from 'node:fs/promises';
import { UserError } from '../../errors.js';
import { type Column, type NumberArrays, type NumberType, newNumbers } from '../column.js';
import { type ArrowData, batchData, type Codecs, isThere, offsetsOf } from './arrow_batch.js';
import { type ArrowField, arrowFields, messageIn } from './arrow_schema.js';
import { FlatTable } from './flatbuffer.js';
import { framedFileSize } from './framed_file.js';
import { decompressLz4Frame } from './lz4_frame.js';
import { joinStored, type StoredColumn, type Table } from './table.js';

const MAGIC = 'ARROW1';
const RECORD_BATCH = 3;

/** A column that is no structure, in a schema. */
export interface ArrowLeaf {
  field: ArrowField;
  /** Places of the fields that it is in, and of its own. */
  places: readonly number[];
}

/** All columns that are no structures, by their names. */
export function arrowLeaves(fields: readonly ArrowField[]): Map<string, ArrowLeaf> {
  const found = new Map<string, ArrowLeaf>();
  const visit = (field: ArrowField, before: string, places: readonly number[]) => {
    const name = before + field.name;
    if (field.kind.type !== 'structure') found.set(name, { field, places });
    else for (const [i, child] of field.children.entries()) visit(child, `${name}/`, [...places, i]);
  };
  for (const [i, field] of fields.entries()) visit(field, '', [i]);
  return found;
}

interface Batch {
  rows: number;
  fields: ArrowData[];
}

/** An Arrow file (the IPC file format), read whole. */
export class ArrowFile implements Table {
  readonly rows: number;
  readonly names: readonly string[];

  private constructor(
    readonly path: string,
    private readonly leaves: ReadonlyMap<string, ArrowLeaf>,
    private readonly batches: readonly Batch[],
  ) {
    this.rows = batches.reduce((sum, { rows }) => sum + rows, 0);
    this.names = [...leaves.keys()];
  }

  /** Reads a file. Throws a UserError if it is missing, cut off or no Arrow file. */
  static async open(path: string): Promise<ArrowFile> {
    await framedFileSize(path, 'an Arrow', MAGIC);
    const bytes = await readFile(path);
    const codecs = await loadCodecs();
    return attempt(path, 'it', () => {
      const end = bytes.length - MAGIC.length - 4;
      const footer = FlatTable.rootOf(bytes.subarray(end - bytes.readInt32LE(end), end));
      const schema = footer.table(1);
      if (!schema) throw new Error('no schema');
      const fields = arrowFields(schema);
      const batches = footer.longs(3, 3).map(([offset, sizes, bodySize]) => {
        // The second of three numbers is one of 32 bits, and nothing beside it.
        const metadataSize = sizes % 2 ** 32;
        return readBatch(
          bytes.subarray(offset, offset + metadataSize + bodySize),
          metadataSize,
          fields,
          codecs,
        );
      });
      return new ArrowFile(path, arrowLeaves(fields), batches);
    });
  }

  async remarks(name: string): Promise<ReadonlyMap<string, string>> {
    return this.leaves.get(name)?.field.remarks ?? new Map();
  }

  async column(name: string, from: number, to: number): Promise<StoredColumn> {
    const leaf = this.leaves.get(name);
    if (!leaf) throw new UserError(`${this.path}: no column ${name}`);
    return attempt(this.path, name, () => {
      let before = 0;
      const pieces = this.batches.flatMap(({ fields, rows }) => {
        const [first, last] = [Math.max(from - before, 0), Math.min(to - before, rows)];
        before += rows;
        return first < last ? [pieceOf(fields, leaf, first, last)] : [];
      });
      const [piece, ...others] = pieces;
      if (!piece || to > before) throw new Error(`rows ${from} to ${to} of ${before}`);
      return joinStored([piece, ...others]);
    });
  }
}

function readBatch(
  bytes: Uint8Array,
  metadataSize: number,
  fields: readonly ArrowField[],
  codecs: Codecs,
): Batch {
  const message = FlatTable.rootOf(messageIn(bytes.subarray(0, metadataSize)));
  const batch = message.table(2);
  if (message.byte(1) !== RECORD_BATCH || !batch) throw new Error('a batch of something else than rows');
  const rows = batch.long(0);
  const data = batchData(batch, fields, bytes.subarray(metadataSize), codecs);
  if (data.some(({ length }) => length !== rows)) throw new Error(`fields of other lengths than ${rows}`);
  return { rows, fields: data };
}

/** Rows of a column in one batch. */
function pieceOf(fields: ArrowData[], { places }: ArrowLeaf, from: number, to: number): StoredColumn {
  const empty = new Set<number>();
  let within = fields;
  let data = fields[places[0]];
  for (const place of places) {
    data = within[place];
    within = data.children;
    for (const row of emptyPlaces({ data, from, to })) empty.add(row);
  }
  const column = columnOf(data, from, to, empty);
  return { column, empty: [...empty].sort((a, b) => a - b) };
}

/** Values `from` to `to`, that one not included, of a column or of the lists in it. */
interface Values {
  data: ArrowData;
  from: number;
  to: number;
}

/** Places, counted from the first value, of those that lack. */
function emptyPlaces({ data, from, to }: Values): number[] {
  if (to > data.length) throw new Error(`value ${to} of ${data.length}`);
  if (data.validity === null) return [];
  return Array.from({ length: to - from }, (_, i) => i).filter((i) => !isThere(data, from + i));
}

/** Values of a column, with an axis for each list; rows with a list that lacks a value are added to `empty`. */
function columnOf(data: ArrowData, from: number, to: number, empty: Set<number>): Column {
  const shape = [to - from];
  let values: Values = { data, from, to };
  for (let lists = listsOf(values); lists; lists = listsOf(values)) {
    shape.push(lists.size);
    const count = (values.to - values.from) * lists.size;
    values = { data: values.data.children[0], from: lists.start, to: lists.start + count };
    for (const i of emptyPlaces(values)) empty.add(Math.floor((i * shape[0]) / count));
  }
  const { kind } = values.data;
  if (kind.type === 'numbers') {
    return { dtype: kind.dtype, shape, data: numbersOf(kind.dtype, values) } as Column;
  }
  if (shape.length === 1 && kind.type === 'texts') {
    return { dtype: 'string', shape, data: cut(values).map((bytes) => TEXTS.decode(bytes)) };
  }
  if (shape.length === 1 && kind.type === 'bytes') return { dtype: 'bytes', shape, data: cut(values) };
  const lists = shape.length > 1 ? 'lists of ' : '';
  throw new UserError(
    `it holds ${lists}${kind.type === 'other' ? kind.name : kind.type}; expected numbers, texts or bytes`,
  );
}

const TEXTS = new TextDecoder();

/** The length that all of these lists have, and the place of the first value in the first; null if they are no lists. */
function listsOf({ data, from, to }: Values): { size: number; start: number } | null {
  const { kind } = data;
  if (kind.type === 'fixed lists') return { size: kind.size, start: from * kind.size };
  if (kind.type !== 'lists') return null;
  const offsets = offsetsOf(data, from, to);
  const size = offsets.length > 1 ? offsets[1] - offsets[0] : 0;
  for (let i = 1; i < offsets.length; i++) {
    if (offsets[i] - offsets[i - 1] === size) continue;
    throw new UserError(`it has lists of ${size} values and of ${offsets[i] - offsets[i - 1]}`);
  }
  return { size, start: offsets[0] };
}

function numbersOf(dtype: NumberType, { data, from, to }: Values): NumberArrays[NumberType] {
  const size = newNumbers(dtype, 0).BYTES_PER_ELEMENT;
  const available = dtype === 'bool' ? 8 * data.values.length : data.values.length / size;
  if (to > available) throw new Error(`${to} values in room for ${available}`);
  const numbers = newNumbers(dtype, to - from);
  if (dtype === 'bool') {
    for (let i = from; i < to; i++) numbers[i - from] = (data.values[i >> 3] >> (i & 7)) & 1;
  } else {
    // Copied as bytes, since a file's buffers may begin where such an array can't.
    new Uint8Array(numbers.buffer).set(data.values.subarray(from * size, to * size));
  }
  return numbers;
}

/** Texts or bytes, each of its own length. */
function cut({ data, from, to }: Values): Uint8Array[] {
  const offsets = offsetsOf(data, from, to);
  return Array.from({ length: to - from }, (_, i) => {
    const [start, end] = [offsets[i], offsets[i + 1]];
    if (start < 0 || end < start || end > data.values.length) throw new Error(`bytes ${start} to ${end}`);
    return data.values.slice(start, end);
  });
}

async function loadCodecs(): Promise<Codecs> {
  const { decompressZstd } = await import('hyparquet-compressors');
  return [decompressLz4Frame, (bytes) => decompressZstd(bytes)];
}

/** Damage shows itself anywhere, by any error. */
function attempt<T>(path: string, name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof UserError) throw new UserError(`${path}: ${name}: ${message}`);
    throw new UserError(`${path}: ${name} can't be read, damaged file? (${message})`, { cause: error });
  }
}
