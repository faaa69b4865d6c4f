import { brotliDecompressSync } from 'node:zlib';
import { snappyUncompress } from 'hyparquet';
import { decompressZstd } from 'hyparquet-compressors';
import { ByteReader } from './byte_reader.js';

/** Compresses better than any of the algorithms can, but for long runs of one byte. */
const MOST_RATIO = 4096;
const ALWAYS_ALLOWED = 1 << 20;

/** Throws an Error if so few bytes can't well have been made of so many. */
export function checkExpansion(stored: number, size: number): void {
  if (size > ALWAYS_ALLOWED + stored * MOST_RATIO) {
    throw new Error(`${stored} bytes can't hold the ${size} that they declare`);
  }
}

/** The contents of a compressed part of a chunk, by the letter of its compression. Throws an Error if it is damaged. */
export function decompressPart(compression: number, stored: Uint8Array): Uint8Array {
  if (compression === 0) return stored;
  const reader = new ByteReader(stored);
  const size = reader.varint();
  checkExpansion(stored.length, size);
  const bytes = expand(String.fromCharCode(compression), reader.rest(), size);
  if (bytes.length !== size) throw new Error(`${bytes.length} bytes instead of ${size}`);
  return bytes;
}

function expand(compression: string, bytes: Uint8Array, size: number): Uint8Array {
  switch (compression) {
    case 'b':
      return brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) });
    case 'z':
      // Into an array of its own: the library would otherwise believe the size that a damaged frame declares.
      return decompressZstd(bytes, new Uint8Array(size));
    case 's': {
      const output = new Uint8Array(size);
      snappyUncompress(bytes, output);
      return output;
    }
    default:
      throw new Error(`compressed by an unknown algorithm, ${JSON.stringify(compression)}`);
  }
}
