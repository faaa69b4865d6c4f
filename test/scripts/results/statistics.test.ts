import { describe, expect, it } from 'vitest';
import { firstReached, spread, wilsonInterval } from '../../../scripts/results/statistics.js';
import { evaluationsOf } from './fixtures.js';

describe('wilsonInterval', () => {
  // From scipy 1.17: binomtest(successes, trials).proportion_ci(method='wilson').
  it.each([
    [0, 10, 0, 0.277533],
    [10, 10, 0.722467, 1],
    [95, 100, 0.888245, 0.978461],
    [490, 500, 0.963578, 0.989102],
  ])('holds %i of %i', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 5);
    expect(interval.high).toBeCloseTo(high, 5);
  });
});

describe('spread', () => {
  it('counts what never happened as worst', () => {
    expect(spread([3, 1, Infinity])).toEqual({ median: 3, min: 1, max: Infinity });
    expect(spread([3, Infinity])).toEqual({ median: Infinity, min: 3, max: Infinity });
  });
});

describe('firstReached', () => {
  it('gives the first evaluation at the target, and whether all later ones stay there', () => {
    expect(firstReached('success_at_end', evaluationsOf(0.5, 0.95, 1), 0.95)).toEqual({
      envSteps: 2000,
      seconds: 20,
      stayed: true,
    });
    expect(firstReached('success_at_end', evaluationsOf(0.96, 0.94, 1), 0.95)).toMatchObject({
      envSteps: 1000,
      stayed: false,
    });
    expect(firstReached('success_at_end', evaluationsOf(0.94), 0.95)).toBeNull();
  });

  it('counts the success that it is told to', () => {
    const evaluations = evaluationsOf(0.1, 0.2).map((evaluation) => ({ ...evaluation, successOnce: 0.96 }));
    expect(firstReached('success_at_end', evaluations, 0.95)).toBeNull();
    expect(firstReached('success_once', evaluations, 0.95)).toMatchObject({ envSteps: 1000, stayed: true });
  });
});
