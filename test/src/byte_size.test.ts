import { expect, test } from 'vitest';
import { byteSize } from '../../src/byte_size.js';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999.7, '1.00 kB'],
  [1234, '1.23 kB'],
  [9_996, '10.0 kB'],
  [34_512_000, '34.5 MB'],
  [99_960_000, '100 MB'],
  [999_600_000, '1.00 GB'],
  [5e15, '5000 TB'],
  [Infinity, '-'],
])('%f bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
