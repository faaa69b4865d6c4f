import type { ColumnRange } from '../datasets/column_range.js';
import { UserError } from '../errors.js';

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
