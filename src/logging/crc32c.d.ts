declare module 'crc-32/crc32c.js' {
  const crc32c: {
    /** The CRC-32C (Castagnoli) of the bytes, as a signed integer. */
    buf(bytes: Uint8Array): number;
  };
  export default crc32c;
}
