import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../errors.js';
import { readError } from '../../files/problems.js';
import { highwayHash } from './highway_hash.js';
import { otherContents } from './other_contents.js';
import { chunkPlaceFrom, placeAfter, readAcrossBlocks } from './riegeli_blocks.js';
import { decodeRecords, type RecordsKind } from './riegeli_chunk.js';
import type { RecordsSize } from './riegeli_transposed.js';

const HASH_KEY = Buffer.from('Riegeli/records\nRiegeli/records\n');
const HEADER = 40;
/** The beginning of each file, its signature: the header of a block and that of a chunk without data. */
const SIGNATURE = 64;

/** Records that are stored together. */
export interface RiegeliChunk extends RecordsSize {
  kind: RecordsKind;
  /** Its first byte in the file. */
  position: number;
  /** Bytes of its data, as they are stored. */
  stored: number;
  hash: readonly [low: number, high: number];
}

/** The header of any chunk. */
interface ChunkHeader extends Omit<RiegeliChunk, 'kind'> {
  kind: string;
  end: number;
}

/**
 * A Riegeli file: records of bytes, in chunks that are read one at a time. Its chunks are known from their headers; a hash of each
 * is checked before it is decoded.
 */
export class RiegeliFile {
  /** Number of records in whole chunks. */
  readonly records: number;
  /** Place of each chunk's first record among all. */
  private readonly firsts: readonly number[];
  private readonly begins: readonly number[];
  private latest: { chunk: RiegeliChunk; records: readonly Uint8Array[] } | undefined;

  private constructor(
    readonly path: string,
    readonly size: number,
    readonly chunks: readonly RiegeliChunk[],
    /** The damage that keeps the file from being read to its end, in a sentence; null if it is whole. */
    readonly damage: string | null,
  ) {
    let records = 0;
    this.firsts = chunks.map((chunk) => {
      records += chunk.records;
      return records - chunk.records;
    });
    this.records = records;
    this.begins = chunks.map(({ position }) => position);
  }

  /** Opens a file and reads the headers of its chunks. Throws a UserError if it is missing or something else. */
  static async open(path: string): Promise<RiegeliFile> {
    const size = fileSize(path);
    if (size === 0) throw new UserError(`${path}: the file is empty; copy or download it again`);
    const signature = size < SIGNATURE ? null : headerAt(path, 0, size);
    if (signature === null || typeof signature === 'string' || signature.kind !== 's') {
      const other = await otherContents(path);
      throw new UserError(`${path}: not a Riegeli file${other === null ? '' : `, but ${other}`}`);
    }
    const chunks: RiegeliChunk[] = [];
    for (let position = signature.end; position < size; ) {
      const header = headerAt(path, position, size);
      if (typeof header === 'string') return new RiegeliFile(path, size, chunks, header);
      const { kind, end, ...rest } = header;
      if (kind === 'r' || kind === 't') chunks.push({ kind, ...rest });
      position = end;
    }
    return new RiegeliFile(path, size, chunks, null);
  }

  /** Reads a record, by its place; the chunk that was read last is kept. Throws a UserError if it is damaged or not there. */
  record(index: number): Uint8Array {
    if (index >= this.records) {
      throw new UserError(this.damage ?? `${this.path}: no record ${index}; it has ${this.records}`);
    }
    const chunk = lastUpTo(this.firsts, index);
    return this.recordsOf(this.chunks[chunk])[index - this.firsts[chunk]];
  }

  private recordsOf(chunk: RiegeliChunk): readonly Uint8Array[] {
    if (this.latest?.chunk !== chunk) this.latest = { chunk, records: readRecords(this.path, chunk) };
    return this.latest.records;
  }

  /**
   * Reads a record by its position: that of its chunk and its place in there together. Throws a UserError if it is damaged or not
   * there.
   */
  recordAt(position: number): Uint8Array {
    const chunk = this.chunks[lastUpTo(this.begins, position)];
    const record = chunk ? position - chunk.position : -1;
    if (record < 0 || record >= chunk.records) {
      throw new UserError(this.damage ?? `${this.path}: no record at position ${position}`);
    }
    return this.recordsOf(chunk)[record];
  }

  close(): void {
    this.latest = undefined;
  }
}

/** The header of the chunk at a place, or what is wrong with it, in a sentence. */
function headerAt(path: string, position: number, size: number): ChunkHeader | string {
  const place = `${path}: chunk at byte ${position}`;
  const bytes = readAcrossBlocks((at, length) => readBytes(path, at, length), position, HEADER);
  const cut = `${place} is cut off, as when its writer was stopped; what is before it is whole`;
  if (bytes.length < HEADER) return cut;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  const number = (at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  if (!hasHash(bytes.subarray(8), [view.getUint32(0, true), view.getUint32(4, true)])) {
    return `${place} has a damaged header: its hash is another`;
  }
  const [stored, decoded] = [number(8), number(32)];
  const records = Math.floor(number(24) / 256);
  const end = Math.max(placeAfter(position, HEADER + stored), chunkPlaceFrom(position + records));
  if (end > size) return cut;
  const kind = String.fromCharCode(bytes[24]);
  if (!'smprt'.includes(kind)) return `${place} is of an unknown kind, ${JSON.stringify(kind)}`;
  const hash = [view.getUint32(16, true), view.getUint32(20, true)] as const;
  return { kind, position, stored, hash, records, size: decoded, end };
}

function readRecords(path: string, chunk: RiegeliChunk): readonly Uint8Array[] {
  const place = `${path}: chunk at byte ${chunk.position}`;
  const read = (at: number, length: number) => readBytes(path, at, length);
  const data = readAcrossBlocks(read, placeAfter(chunk.position, HEADER), chunk.stored);
  if (!hasHash(data, chunk.hash)) throw new UserError(`${place} has damaged data: their hash is another`);
  try {
    return decodeRecords(chunk.kind, data, chunk);
  } catch (error) {
    throw new UserError(`${place} can't be read, damaged file? (${(error as Error).message})`, {
      cause: error,
    });
  }
}

function hasHash(bytes: Uint8Array, [low, high]: readonly [number, number]): boolean {
  const [foundLow, foundHigh] = highwayHash(HASH_KEY, bytes);
  return foundLow === low && foundHigh === high;
}

/** Place of the last of ascending numbers that is `limit` at most. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (numbers[middle] <= limit) from = middle;
    else to = middle;
  }
  return from;
}

function fileSize(path: string): number {
  return withFile(path, (file) => fstatSync(file).size);
}

/** Bytes of a file; fewer where it ends. */
function readBytes(path: string, position: number, length: number): Uint8Array {
  return withFile(path, (file) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, fstatSync(file).size - position)));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, position));
  });
}

function withFile<T>(path: string, use: (file: number) => T): T {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return use(file);
  } catch (error) {
    throw readError(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
