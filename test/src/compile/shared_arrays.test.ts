import { expect, it } from 'vitest';
import { LocalArrays } from '../../../src/compile/local_arrays.js';
import { SharedArrays } from '../../../src/compile/shared_arrays.js';

it('shared arrays are the same for all who have the buffer', () => {
  const sizes = { a: 3, b: 2 };
  const mine = new SharedArrays(sizes);
  const theirs = new SharedArrays(sizes, mine.buffer);
  mine.write('b', Float32Array.of(1, 2));
  expect([...theirs.get('b')]).toEqual([1, 2]);
  expect([...theirs.get('a')]).toEqual([0, 0, 0]);
  expect(() => mine.write('b', new Float32Array(3))).toThrow('"b" holds 2 numbers, not 3');
  expect(() => mine.get('c')).toThrow('no shared array is called "c"');
});

it('the arrays of a group lie end to end, each group on its own cache line', () => {
  const local = new LocalArrays({ net: { kernel: [2, 3], bias: [3] }, other: { bias: [1] } });
  local.get('net/bias').set([7, 8, 9]);
  expect([...local.get('net')]).toEqual([0, 0, 0, 0, 0, 0, 7, 8, 9]);
  expect(local.get('other').byteOffset % 64).toBe(0);
  expect(local.get('other').length).toBe(1);
  expect(local.get('net')).toBe(local.get('net'));
  expect(() => local.get('nothing')).toThrow('no array is called "nothing"');
});
