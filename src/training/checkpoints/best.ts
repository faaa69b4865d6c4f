import type { Measure } from '../../../envs/success.js';
import { type EvaluationPoint, scoreAt } from '../run_progress.js';

/** The name of a run's best checkpoint, which tells by what it is the best: `best_success_at_end`. */
export function bestName(judgedBy: Measure): string {
  return `best_${judgedBy}`;
}

/** True if a policy succeeds more often than each of the `earlier` ones, or as often and sooner, or has a higher return. */
export function isBest(
  judgedBy: Measure,
  point: EvaluationPoint,
  earlier: readonly EvaluationPoint[],
): boolean {
  return earlier.every((other) => {
    const [score, otherScore] = [scoreAt(judgedBy, point), scoreAt(judgedBy, other)];
    if (score !== otherScore) return score > otherScore;
    return (point.firstSuccessStep ?? Infinity) < (other.firstSuccessStep ?? Infinity);
  });
}
