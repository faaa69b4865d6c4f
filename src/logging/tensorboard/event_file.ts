import { closeSync, openSync, writeSync } from 'node:fs';
import crc32c from 'crc-32/crc32c.js';
import { viewOf } from '../../bytes.js';
import { eventCodec, type TensorBoardEvent } from './schema.js';

/** An open event file. Every event is on its way to the disk when `write` returns. */
export interface EventFile {
  write(event: TensorBoardEvent): void;
  close(): void;
}

/** Creates an event file with the mark of its format, written at `wallTime`. Throws if `path` exists. */
export function createEventFile(path: string, wallTime: number): EventFile {
  const file = openSync(path, 'wx');
  const write = (event: TensorBoardEvent) => writeSync(file, record(eventCodec.encode(event)));
  write({ wallTime, fileVersion: 'brain.Event:2' });
  return { write, close: () => closeSync(file) };
}

/** TFRecord: the length of the data, its checksum, the data, their checksum. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + data.length + 4);
  const view = viewOf(bytes);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedChecksum(data), true);
  return bytes;
}

/** CRC-32C turned by 15 bits plus a constant: checksums of data that hold checksums themselves are weak otherwise. */
function maskedChecksum(bytes: Uint8Array): number {
  const checksum = crc32c.buf(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
