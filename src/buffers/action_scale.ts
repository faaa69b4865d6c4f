import { hasUnitActions } from '../../envs/action_bounds.js';
import {
  type ActionBounds,
  actionProblem,
  boundsProblem,
  isWithin,
  overallRange,
  scaleOfBounds,
  unitBounds,
} from '../datasets/action_range.js';
import type { ColumnRange } from '../datasets/column_range.js';
import { UserError } from '../errors.js';

/** The things that decide how recorded actions become a policy's. */
export interface ActionChoice {
  /** The task to act in, and the bounds of its actions, [−1, 1] if left out; null for none. */
  task: { envId: string; actionBounds?: ActionBounds } | null;
  /** See {@link actionScaleOf}; null leaves it to the bounds. */
  dataActionScale: number | null;
}

/**
 * Factors by which recorded actions become those of a policy, which acts in [−1, 1] by its tanh, and a note about them; null
 * leaves the actions as they are. `range` is that of the data's actions, `bounds` what their metadata declare. Throws a UserError
 * if the actions leave their bounds, or are not the task's.
 */
export function policyActionScale(
  path: string,
  range: ColumnRange,
  bounds: ActionBounds | null,
  { task, dataActionScale }: ActionChoice,
): { scale: Float32Array | null; note: string | null } {
  if (dataActionScale !== null) return { scale: actionScaleOf(range, dataActionScale), note: null };
  const beyond = bounds && boundsProblem(range, bounds);
  if (beyond !== null) throw new UserError(`${path}: ${beyond}`);
  const problem = task ? taskProblem(task, range, bounds) : actionProblem(range, bounds);
  if (problem !== null) throw new UserError(`${path}: ${problem}`);
  const taken = task ? task.actionBounds : bounds;
  const scale = taken ? scaleOfBounds(taken) : null;
  if (!scale) return { scale: null, note: null };
  const [low, high] = overallRange(range, taken ?? null);
  const note = `its actions are from ${low} to ${high}; the policy's, in [-1, 1], stand for these`;
  return { scale, note };
}

/** Reason why actions are not those of a task; null if they may be. */
function taskProblem(
  { envId, actionBounds }: NonNullable<ActionChoice['task']>,
  range: ColumnRange,
  declared: ActionBounds | null,
): string | null {
  const taken = actionBounds ?? unitBounds(range.min.length);
  // A simulator clips what leaves [−1, 1]. Other ranges than its own mean something else.
  if (!declared && hasUnitActions({ actionLow: taken.low, actionHigh: taken.high })) return null;
  const widest = declared ?? { low: Array.from(range.min), high: Array.from(range.max) };
  if (isWithin(widest, taken)) return null;
  const [low, high] = overallRange(range, declared);
  const [lowest, highest] = [Math.min(...taken.low), Math.max(...taken.high)];
  return `its actions are from ${low} to ${high}; expected [${lowest}, ${highest}], as ${envId} takes them`;
}

/**
 * Factors by which the action dimensions are stretched, so that the agent's [−1, 1] covers `dataActionScale` times what the
 * demonstrations use: 1 / (magnitude × dataActionScale). Dimensions that use their full range or are always zero keep
 * 1. The same rule as `data_action_scale` of rfcl (Tao et al. 2024, `rfcl/data/dataset.py`).
 *
 * The agent sees `action × scale`; the environment is given `action / scale`.
 * Throws a UserError if the demonstrations' actions leave [−1, 1].
 */
export function actionScaleOf({ min, max }: ColumnRange, dataActionScale: number): Float32Array {
  return min.map((low, column) => {
    const high = max[column];
    if (low < -1 || high > 1) {
      throw new UserError(
        `train.data_action_scale needs demonstrations with actions in [-1, 1]; ` +
          `dimension ${column} covers [${low}, ${high}]`,
      );
    }
    const magnitude = Math.max(Math.abs(low), Math.abs(high));
    if (low === -1 || high === 1 || magnitude === 0) return 1;
    return 1 / (magnitude * dataActionScale);
  });
}

/** Turns the agent's actions [n, actionDim] into the environment's, in place. */
export function toEnvironmentActions(actions: Float32Array, scale: Float32Array): void {
  for (let i = 0; i < actions.length; i++) actions[i] /= scale[i % scale.length];
}
