import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { viewOf } from '../../bytes.js';
import { maskedCrc32c } from '../../crc32c.js';
import { UserError } from '../../errors.js';
import { createTemporaryFolder } from '../../files/folders.js';
import { readError } from '../../files/problems.js';
import { FRAME_END, FRAME_HEAD } from '../../tfrecord_frame.js';
import { otherContents } from './other_contents.js';
import type { RecordFile } from './records.js';

/** Offset and length of a record's data. */
type Place = readonly [offset: number, length: number];

/**
 * A TFRecord file. Opening it reads the lengths of all records, reading a record its data alone. A file that is compressed as a whole
 * (gzip) can't be read at places of its own: it is unpacked to a temporary file, which loses its name
 * before it is read, and is gone when it is closed.
 */
export class TfrecordFile implements RecordFile {
  private constructor(
    readonly path: string,
    private file: number | null,
    private readonly places: readonly Place[],
    readonly damage: string | null,
  ) {}

  /** Opens a file. Throws a UserError if it is missing or something else. */
  static async open(path: string): Promise<TfrecordFile> {
    const file = openFile(path);
    const { size } = fstatSync(file);
    const head = readAt(file, 0, Math.min(size, FRAME_HEAD));
    if (head[0] === 0x1f && head[1] === 0x8b && lengthOf(head) === null) {
      closeSync(file);
      return TfrecordFile.openUnpacked(path);
    }
    const other = size === 0 ? null : await otherContents(path);
    if (other !== null) {
      closeSync(file);
      throw new UserError(`${path}: not a TFRecord file, but ${other}`);
    }
    return new TfrecordFile(path, file, ...scan(path, file, size));
  }

  private static async openUnpacked(path: string): Promise<TfrecordFile> {
    const temporary = createTemporaryFolder('records');
    const unpacked = join(temporary, 'unpacked');
    try {
      await pipeline(createReadStream(path), createGunzip(), createWriteStream(unpacked));
      const file = openSync(unpacked, 'r');
      return new TfrecordFile(path, file, ...scan(path, file, fstatSync(file).size));
    } catch (error) {
      throw new UserError(`${path}: it can't be unpacked (gzip): ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  get records(): number {
    return this.places.length;
  }

  async read(record: number): Promise<Uint8Array> {
    if (record >= this.records)
      throw new UserError(this.damage ?? `${this.path}: it has no record ${record}`);
    const [offset, length] = this.places[record];
    if (this.file === null) throw new Error(`${this.path} is closed`);
    const bytes = readAt(this.file, offset, length + FRAME_END);
    const data = bytes.subarray(0, length);
    if (viewOf(bytes).getUint32(length, true) === maskedCrc32c(data)) return data;
    throw new UserError(
      `${this.path}: record ${record} at byte ${offset - FRAME_HEAD} has another checksum (crc) of its data than the file says: it is damaged`,
    );
  }

  close(): void {
    if (this.file === null) return;
    closeSync(this.file);
    this.file = null;
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw readError(path, error);
  }
}

/** Finds all records by their lengths, and what hides the others. */
function scan(path: string, file: number, size: number): [places: Place[], damage: string | null] {
  const places: Place[] = [];
  let offset = 0;
  while (offset < size) {
    const place = `${path}: record ${places.length} at byte ${offset}`;
    if (offset + FRAME_HEAD > size) return [places, `${place} is cut off: the file ends at byte ${size}`];
    const length = lengthOf(readAt(file, offset, FRAME_HEAD));
    if (length === null) {
      return [places, `${place} has another checksum (crc) of its length than the file says: it is damaged`];
    }
    const end = offset + FRAME_HEAD + length + FRAME_END;
    if (end > size) {
      return [places, `${place} is cut off: it should end at byte ${end}, the file ends at byte ${size}`];
    }
    places.push([offset + FRAME_HEAD, length]);
    offset = end;
  }
  return [places, null];
}

/** The length that the head of a record tells; null if its checksum is another, or it is beyond any file. */
function lengthOf(head: Uint8Array): number | null {
  if (head.length < FRAME_HEAD) return null;
  const view = viewOf(head);
  if (view.getUint32(8, true) !== maskedCrc32c(head.subarray(0, 8))) return null;
  const length = Number(view.getBigUint64(0, true));
  return Number.isSafeInteger(length) ? length : null;
}

function readAt(file: number, offset: number, length: number): Uint8Array {
  // Memory of its own: arrays of numbers are read in place where they are aligned.
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(file, bytes, filled, length - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
