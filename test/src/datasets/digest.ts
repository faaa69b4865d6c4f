import { createHash } from 'node:crypto';
import type { Column } from '../../../src/datasets/column.js';

/** The SHA-256 of a column's contents: little-endian numbers in row-major order, or texts with NUL between. */
export function digestOf(column: Column): string {
  const { data } = column;
  const hash = createHash('sha256');
  if (ArrayBuffer.isView(data)) hash.update(data);
  else hash.update(data.join('\0'));
  return hash.digest('hex');
}
