import { expect, test } from 'vitest';
import { median } from '../../src/median.js';

test('the median is the middle value, or the mean of the middle two', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([10, 1, 2, 4])).toBe(3);
  expect(median([3, Infinity])).toBe(Infinity);
  expect(median([])).toBeNaN();
});
