import { viewOf } from './bytes.js';
import { maskedCrc32c } from './crc32c.js';

/** Bytes of a TFRecord before its data, the length and its checksum, and after them, their checksum. */
export const FRAME_HEAD = 12;
export const FRAME_END = 4;

/** One record of a TFRecord file: the length of the data, its checksum, the data, their checksum. */
export function tfrecordFrame(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEAD + data.length + FRAME_END);
  const view = viewOf(bytes);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, FRAME_HEAD);
  view.setUint32(FRAME_HEAD + data.length, maskedCrc32c(data), true);
  return bytes;
}
