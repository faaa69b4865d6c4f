/** The polynomial of CRC-32C (Castagnoli), its bits in reverse. */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables of 256 entries: entry `256 k + b` is what a byte `b` contributes that k more bytes follow. */
const TABLES = makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let entry = 256; entry < tables.length; entry++) {
    const before = tables[entry - 256];
    tables[entry] = tables[before & 0xff] ^ (before >>> 8);
  }
  return tables;
}

/** The CRC-32C of the bytes, eight at a time (slicing-by-8). */
export function crc32c(bytes: Uint8Array): number {
  const t = TABLES;
  const eights = bytes.length - (bytes.length % 8);
  let crc = -1;
  let i = 0;
  for (; i < eights; i += 8) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc =
      t[1792 + (crc & 0xff)] ^
      t[1536 + ((crc >>> 8) & 0xff)] ^
      t[1280 + ((crc >>> 16) & 0xff)] ^
      t[1024 + (crc >>> 24)] ^
      t[768 + bytes[i + 4]] ^
      t[512 + bytes[i + 5]] ^
      t[256 + bytes[i + 6]] ^
      t[bytes[i + 7]];
  }
  for (; i < bytes.length; i++) crc = t[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * The CRC-32C as TFRecord files have it: turned by 15 bits plus a constant, as checksums of data that hold checksums themselves
 * are weak otherwise.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
