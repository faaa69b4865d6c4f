const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The size in pixels that a GIF or PNG states. Throws if the bytes are neither. */
export function imageSize(bytes: Uint8Array): { width: number; height: number } {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (image.subarray(0, 4).toString('latin1') === 'GIF8') {
    return { width: image.readUInt16LE(6), height: image.readUInt16LE(8) };
  }
  if (image.subarray(0, 8).equals(PNG_SIGNATURE)) {
    return { width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
  }
  throw new Error('an image for a log must be a GIF or a PNG');
}
