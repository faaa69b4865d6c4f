import { expect, it } from 'vitest';
import {
  disagreement,
  highest,
  lowest,
  mean,
  meanSquaredDifference,
  sum,
} from '../../../src/learner/metrics.js';

const values = (...numbers: number[]) => Float32Array.from(numbers);

it('sums, means and limits', () => {
  expect(sum(values(1, 2, 6))).toBe(9);
  expect(mean(values(1, 2, 6))).toBe(3);
  expect(lowest(values(3, -2, 6))).toBe(-2);
  expect(highest(values(-3, -2, -6))).toBe(-2);
  expect(meanSquaredDifference(values(1, 2), values(3, 5))).toBe(6.5);
});

it('limits of what is not a number are not numbers', () => {
  expect(lowest(values(1, Number.NaN))).toBeNaN();
  expect(highest(values(1, Number.NaN))).toBeNaN();
});

it('disagreement is the deviation between members of a row, averaged over rows', () => {
  // Deviations of {1, 3} and {5, 5}.
  expect(disagreement([values(1, 5), values(3, 5)])).toBe(0.5);
  expect(disagreement([values(1, 5)])).toBe(0);
  // Large values that agree, whose squares would leave nothing of the difference.
  expect(disagreement([values(1e7), values(1e7 + 1)])).toBe(0.5);
});
