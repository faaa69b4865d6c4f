import { expect, it } from 'vitest';
import {
  bytesOf,
  type Feature,
  floatsOf,
  integersOf,
  parseExample,
} from '../../../../src/datasets/storage/tf_example.js';

/** A field of protocol buffers whose value is some bytes. */
function field(number: number, bytes: readonly number[]): number[] {
  return [number * 8 + 2, bytes.length, ...bytes];
}

function example(name: string, feature: readonly number[]): Uint8Array {
  const key = field(1, [...Buffer.from(name)]);
  return Uint8Array.from(field(1, field(1, [...key, ...field(2, feature)])));
}

function featureOf(list: number, contents: readonly number[]): Feature {
  return parseExample(example('x', field(list, contents))).get('x')!;
}

it('reads lists that are packed, in pieces, and one value a field', () => {
  expect([...floatsOf(featureOf(2, field(1, [0, 0, 128, 63, 0, 0, 0, 64])))]).toEqual([1, 2]);
  expect([...floatsOf(featureOf(2, [13, 0, 0, 128, 63, 13, 0, 0, 0, 64]))]).toEqual([1, 2]);
  expect([...integersOf(featureOf(3, [...field(1, [1, 2]), ...field(1, [0x80, 1])]), 'int32')]).toEqual([
    1, 2, 128,
  ]);
  expect([...integersOf(featureOf(3, [8, 1, 8, 0x80, 1]), 'uint8')]).toEqual([1, 128]);
  expect(bytesOf(featureOf(1, [...field(1, [7]), ...field(1, [])])).map((value) => [...value])).toEqual([
    [7],
    [],
  ]);
});

it('keeps all 64 bits and the sign of integers', () => {
  const ones = featureOf(3, field(1, [...new Array<number>(9).fill(0xff), 1]));
  expect([...integersOf(ones, 'int64')]).toEqual([-1n]);
  expect([...integersOf(ones, 'uint64')]).toEqual([2n ** 64n - 1n]);
  expect([...integersOf(ones, 'int32')]).toEqual([-1]);
});

it('a feature without a list has no values', () => {
  const { kind } = parseExample(example('empty', [])).get('empty')!;
  expect(kind).toBe('none');
});

it('says where bytes lack, and never takes memory for what a damaged length says', () => {
  const whole = example('x', field(2, field(1, [0, 0, 128, 63])));
  for (let end = 1; end < whole.length; end++)
    expect(() => parseExample(whole.subarray(0, end))).toThrow(/cut off/);
  expect(() => parseExample(Uint8Array.from([10, 255, 255, 255, 255, 127, 1]))).toThrow(/cut off/);
  expect(() => integersOf(featureOf(3, field(1, [0x80])), 'int64')).toThrow(/cut off/);
  expect(() => integersOf(featureOf(3, field(1, new Array<number>(12).fill(0x80))), 'int64')).toThrow(
    /cut off/,
  );
});
