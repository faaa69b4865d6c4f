import { type SuccessMeasure, successBy } from '../../envs/success.js';
import { distribution } from '../../src/rollout/episode_stats.js';
import type { EvaluationSummary, Reached } from './summaries/summary_files.js';

/** Success in an evaluation from which on a task counts as solved. The time to reach it is reported. */
export const TARGET = 0.95;

/** Median, lowest and highest of a number over seeds. Infinity stands for what never happened. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** The spread of values. Throws if there is none. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('the spread of no values');
  const { median, min, max } = distribution(values);
  return { median, min, max };
}

/** The two-sided 95 % quantile of the standard normal distribution. */
const Z = 1.959964;

/** The interval that holds a share with 95 % confidence, after `successes` of `trials` (Wilson, 1927). */
export function wilsonInterval(successes: number, trials: number): { low: number; high: number } {
  const share = successes / trials;
  const centre = share + Z ** 2 / (2 * trials);
  const margin = Z * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  const scale = 1 + Z ** 2 / trials;
  return { low: Math.max(0, (centre - margin) / scale), high: Math.min(1, (centre + margin) / scale) };
}

/** The first evaluation with at least `target` success, as `judgedBy` says; null if there is none. */
export function firstReached(
  judgedBy: SuccessMeasure,
  evaluations: readonly EvaluationSummary[],
  target: number,
): Reached | null {
  const isReached = (evaluation: EvaluationSummary) => successBy(judgedBy, evaluation) >= target;
  const first = evaluations.findIndex(isReached);
  if (first < 0) return null;
  const { envSteps, seconds } = evaluations[first];
  const stayed = evaluations.slice(first).every(isReached);
  return { envSteps, seconds, stayed };
}
