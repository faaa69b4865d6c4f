import { startsWith, viewOf } from '../bytes.js';

const GIF_START = new TextEncoder().encode('GIF8');
const PNG_START = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The size in pixels that a GIF or PNG states. Throws if the bytes are neither. */
export function imageSize(bytes: Uint8Array): { width: number; height: number } {
  const image = viewOf(bytes);
  if (startsWith(bytes, GIF_START)) {
    return { width: image.getUint16(6, true), height: image.getUint16(8, true) };
  }
  if (startsWith(bytes, PNG_START)) return { width: image.getUint32(16), height: image.getUint32(20) };
  throw new Error('an image for a log must be a GIF or a PNG');
}
