import { expect, test } from 'vitest';
import { decompressLz4Frame } from '../../../../src/datasets/storage/lz4_frame.js';

const HEADER = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
const END = [0, 0, 0, 0];
const frame = (...blocks: number[][]) =>
  Uint8Array.from([...HEADER, ...blocks.flatMap((block) => [block.length, 0, 0, 0, ...block]), ...END]);

test('literals, and matches that overlap what they give', () => {
  // 'ab', then 6 bytes from 2 before, then 'c'.
  const block = [0x22, 97, 98, 2, 0, 0x10, 99];
  expect([...decompressLz4Frame(frame(block), 9)]).toEqual([...Buffer.from('ababababc')]);
});

test('lengths of 15 and more go on in bytes of their own', () => {
  const literals = Array.from({ length: 15 + 255 + 3 }, (_, i) => i % 7);
  const block = [0xf0, 255, 3, ...literals];
  const long = Uint8Array.from([...HEADER, block.length & 255, block.length >> 8, 0, 0, ...block, ...END]);
  expect([...decompressLz4Frame(long, literals.length)]).toEqual(literals);
});

test('a match may lie in the block before, and a block may be stored as it is', () => {
  const stored = [3, 0, 0, 0x80, 1, 2, 3];
  const matching = [0x01, 3, 0, 0x10, 9];
  const whole = [...HEADER, ...stored, matching.length, 0, 0, 0, ...matching, ...END];
  expect([...decompressLz4Frame(Uint8Array.from(whole), 9)]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 9]);
});

test.each([
  ['no frame', Uint8Array.from([1, 2, 3, 4, 5, 6, 7]), 1, 'no LZ4 frame'],
  ['a match before the beginning', frame([0x11, 7, 2, 0, 0x10, 9]), 7, 'a match 2 bytes before byte 1'],
  ['more than there is room for', frame([0x1f, 7, 1, 0, 255, 0, 0x10, 9]), 20, 'more than 20 bytes'],
  ['literals beyond the end', frame([0x50, 1]), 5, "5 bytes beyond a block's end"],
  ['a block beyond the end', frame([0x50, 1]).slice(0, 12), 5, 'a block of 2 bytes beyond the end'],
  ['other sizes', frame([0x10, 1]), 2, '1 bytes instead of 2'],
])('%s is refused', (_, bytes, size, message) => {
  expect(() => decompressLz4Frame(bytes, size)).toThrow(message);
});
