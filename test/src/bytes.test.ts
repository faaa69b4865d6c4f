import { expect, it } from 'vitest';
import { concatenate, startsWith, viewOf } from '../../src/bytes.js';

it('joins parts, also none and empty ones', () => {
  expect(concatenate([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)])).toEqual(
    Uint8Array.of(1, 2, 3),
  );
  expect(concatenate([])).toEqual(new Uint8Array());
});

it('views the part of memory that the bytes are', () => {
  const part = Uint8Array.of(9, 9, 1, 0, 9).subarray(2, 4);
  expect(viewOf(part).byteLength).toBe(2);
  expect(viewOf(part).getUint16(0, true)).toBe(1);
});

it('bytes begin with those that they begin with, and with no more than they are', () => {
  expect(startsWith(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2))).toBe(true);
  expect(startsWith(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 3))).toBe(false);
  expect(startsWith(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
});
