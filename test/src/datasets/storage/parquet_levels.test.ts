import { expect, test } from 'vitest';
import { layOut } from '../../../../src/datasets/storage/parquet_levels.js';

const page = (repeated: number[], defined: number[] = []) => ({
  count: Math.max(repeated.length, defined.length),
  repeated,
  defined,
});

test('plain values are a row each, and those that lack are named', () => {
  expect(layOut([page([], [1, 1, 0]), page([], [0, 1])], 1, 0)).toEqual({
    shape: [5],
    empty: [
      { row: 2, values: 0 },
      { row: 3, values: 0 },
    ],
  });
});

test('lists of one length are an axis, also where a row goes on in the next page', () => {
  expect(layOut([page([0, 1, 1, 0, 1]), page([1, 0, 1, 1])], 3, 1)).toEqual({ shape: [3, 3], empty: [] });
});

test('lists of lists are two axes', () => {
  expect(layOut([page([0, 2, 2, 1, 2, 2, 0, 2, 2, 1, 2, 2])], 5, 2)).toEqual({ shape: [2, 2, 3], empty: [] });
});

test('a row without its list, or with a list that lacks a value, is empty', () => {
  expect(layOut([page([0, 0, 1, 0, 1], [0, 3, 3, 3, 2])], 3, 1)).toEqual({
    shape: [3, 2],
    empty: [
      { row: 0, values: 0 },
      { row: 2, values: 1 },
    ],
  });
});

test.each([
  ['from row to row', [0, 1, 0, 1, 1], 1, 'lists of 2 and of 3 values'],
  ['within a row', [0, 2, 1, 0, 2, 1], 2, 'lists of different lengths in a row'],
])('lists that differ in length %s are refused', (_, repeated, depth, message) => {
  expect(() => layOut([page(repeated)], 3, depth)).toThrow(message);
});
