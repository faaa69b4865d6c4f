import type { ValuedRows } from '../../learner/refresh.js';

/**
 * TD(λ) returns by row: Rₜ = rₜ + γ·[(1 − λ)·V(sₜ₊₁) + λ·Rₜ₊₁], where V is 0 after a termination, and stands for all of the bracket where an
 * episode was cut off or still goes on (Peng et al. 2019, arXiv 1910.00177, and its authors' code).
 */
export function lambdaReturns(
  { stored, newestFirst, discount, nextValues }: ValuedRows,
  lambda: number,
): Float64Array {
  const returns = new Float64Array(newestFirst.length);
  for (const row of newestFirst) {
    const next = stored.following(row);
    const ahead = next < 0 ? nextValues[row] : (1 - lambda) * nextValues[row] + lambda * returns[next];
    returns[row] = stored.rewardOf(row) + (stored.isTerminated(row) ? 0 : discount * ahead);
  }
  return returns;
}

/** A deviation below which numbers count as equal. */
const EPSILON = 1e-5;

/** Numbers of several lists, shifted and scaled together to a mean of 0 and a standard deviation of 1. */
export function standardised(lists: readonly Float64Array[]): Float32Array[] {
  const count = lists.reduce((total, { length }) => total + length, 0);
  const meanOf = (of: (value: number) => number) =>
    lists.reduce((total, list) => list.reduce((sum, value) => sum + of(value), total), 0) / count;
  const mean = meanOf((value) => value);
  const deviation = Math.sqrt(meanOf((value) => (value - mean) ** 2));
  return lists.map((list) => Float32Array.from(list, (value) => (value - mean) / (deviation + EPSILON)));
}
