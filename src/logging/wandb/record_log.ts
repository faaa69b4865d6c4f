import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { concatenate, startsWith, viewOf } from '../../bytes.js';
import { temporaryPath } from '../../files/temporary_names.js';

/**
 * The file format of a run's records: LevelDB's log format with another start and plain CRC-32 checksums. After a header,
 * blocks of 32 KiB hold chunks; a chunk is a checksum of type and data (4 bytes), the size of the data (2), the type (1)
 * and the data. A record that does not fit into the rest of a block becomes several chunks.
 */
const HEADER = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00);
const BLOCK_SIZE = 32 * 1024;
const CHUNK_HEADER_SIZE = 7;

enum ChunkType {
  Whole = 1,
  First = 2,
  Middle = 3,
  Last = 4,
}

/** A file of records to append to. */
export class RecordLog {
  private offset = 0;

  private constructor(private readonly file: number) {}

  /** Makes a file of the given records. It takes the place of one that is already at `path` when it is complete. */
  static create(path: string, records: readonly Uint8Array[]): RecordLog {
    const temporary = temporaryPath(path);
    const log = new RecordLog(openSync(temporary, 'w'));
    log.put(HEADER);
    for (const record of records) log.append(record);
    renameSync(temporary, path);
    return log;
  }

  /** Appends a record, which is on its way to the disk when this returns. */
  append(record: Uint8Array): void {
    let room = BLOCK_SIZE - (this.offset % BLOCK_SIZE);
    if (room < CHUNK_HEADER_SIZE) {
      this.put(new Uint8Array(room));
      room = BLOCK_SIZE;
    }
    for (let start = 0, first = true; first || start < record.length; first = false) {
      const data = record.subarray(start, start + room - CHUNK_HEADER_SIZE);
      start += data.length;
      this.putChunk(chunkType(first, start === record.length), data);
      room = BLOCK_SIZE;
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private putChunk(type: ChunkType, data: Uint8Array): void {
    const chunk = new Uint8Array(CHUNK_HEADER_SIZE + data.length);
    const view = viewOf(chunk);
    view.setUint16(4, data.length, true);
    view.setUint8(6, type);
    chunk.set(data, CHUNK_HEADER_SIZE);
    view.setUint32(0, crc32(chunk.subarray(6)), true);
    this.put(chunk);
  }

  private put(bytes: Uint8Array): void {
    writeSync(this.file, bytes);
    this.offset += bytes.length;
  }
}

/** The whole records of a file. It ends at a torn or damaged one, such as a killed program leaves at the end. */
export function* readRecords(path: string): Generator<Uint8Array> {
  const file = readFileSync(path);
  if (!startsWith(file, HEADER)) return;
  const view = viewOf(file);
  let parts: Uint8Array[] = [];
  for (let offset = HEADER.length; offset + CHUNK_HEADER_SIZE <= file.length; ) {
    const room = BLOCK_SIZE - (offset % BLOCK_SIZE);
    if (room < CHUNK_HEADER_SIZE) {
      offset += room;
      continue;
    }
    const type = view.getUint8(offset + 6);
    const start = offset + CHUNK_HEADER_SIZE;
    const end = start + view.getUint16(offset + 4, true);
    if (end > file.length || crc32(file.subarray(offset + 6, end)) !== view.getUint32(offset, true)) return;
    offset = end;
    parts.push(file.subarray(start, end));
    if (type !== ChunkType.Whole && type !== ChunkType.Last) continue;
    yield concatenate(parts);
    parts = [];
  }
}

function chunkType(first: boolean, last: boolean): ChunkType {
  if (first) return last ? ChunkType.Whole : ChunkType.First;
  return last ? ChunkType.Last : ChunkType.Middle;
}
