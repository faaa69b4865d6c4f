import { type SuccessMeasure, successBy } from '../../../envs/success.js';
import type { EvaluationPoint } from '../run_progress.js';

/** The name of a run's best checkpoint, which tells by what it is the best: `best_success_at_end`. */
export function bestName(judgedBy: SuccessMeasure): string {
  return `best_${judgedBy}`;
}

/** True if a policy succeeds more often than each of the `earlier` ones, or as often and sooner. */
export function isBest(
  judgedBy: SuccessMeasure,
  point: EvaluationPoint,
  earlier: readonly EvaluationPoint[],
): boolean {
  return earlier.every((other) => {
    const [success, otherSuccess] = [successBy(judgedBy, point), successBy(judgedBy, other)];
    if (success !== otherSuccess) return success > otherSuccess;
    return (point.firstSuccessStep ?? Infinity) < (other.firstSuccessStep ?? Infinity);
  });
}
