import type { EnvironmentSpec } from './env.js';

/** True if actions are in [−1, 1], where a tanh policy and uniform exploration act. */
export function hasUnitActions({
  actionLow,
  actionHigh,
}: Pick<EnvironmentSpec, 'actionLow' | 'actionHigh'>): boolean {
  return actionLow.every((low) => low === -1) && actionHigh.every((high) => high === 1);
}
