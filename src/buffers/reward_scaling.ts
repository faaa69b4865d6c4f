import { figure } from '../datasets/wording.js';
import { UserError } from '../errors.js';

/** An affine change of rewards before they are learnt from: r · scale + shift. Reported returns are of the rewards before it. */
export interface RewardScaling {
  scale: number;
  shift: number;
}

/** The scaling that leaves rewards as they are. */
export const UNCHANGED: RewardScaling = { scale: 1, shift: 0 };

/** The choice of a scaling. */
export interface RewardRule extends RewardScaling {
  /** True multiplies by 1000 / (largest − smallest return of the data's episodes) first. */
  normalize: boolean;
}

/** Returns span so much after `normalize`: the horizon of the tasks that this is made for. */
const NORMAL_SPAN = 1000;

/**
 * The scaling by a rule, for data whose episodes have these undiscounted `returns`, of all their recorded steps; null if it
 * changes nothing. For locomotion, IQL normalises (Kostrikov et al. 2021, arXiv 2110.06169, section 5); for AntMaze it shifts
 * by −1, and Cal-QL takes 10·r − 5. Throws a UserError, which names `path`, if all returns are the same.
 */
export function rewardScalingOf(
  path: string,
  { normalize, scale, shift }: RewardRule,
  returns: readonly number[],
): RewardScaling | null {
  if (!normalize) return plainScaling({ scale, shift });
  const [lowest, highest] = rangeOf(returns);
  if (highest > lowest) return { scale: (scale * NORMAL_SPAN) / (highest - lowest), shift };
  throw new UserError(
    `${path}: train.normalize_rewards divides by the range of the episodes' returns, and all of these are ${lowest}`,
  );
}

/** The scaling without regard to data; null if it changes nothing. */
export function plainScaling({ scale, shift }: RewardScaling): RewardScaling | null {
  return scale === 1 && shift === 0 ? null : { scale, shift };
}

/** The rewards [n] as they are learnt from, in an array of their own. */
export function scaleRewards(rewards: Float32Array, { scale, shift }: RewardScaling): Float32Array {
  return rewards.map((reward) => reward * scale + shift);
}

/** A remark on how rewards are learnt from, and which returns they had before. */
export function rewardNote({ scale, shift }: RewardScaling, returns: readonly number[]): string {
  const [lowest, highest] = rangeOf(returns).map(figure);
  return `its rewards are learnt from as reward · ${figure(scale)} + ${figure(shift)}; returns before that are from ${lowest} to ${highest}`;
}

/** The sum of rewards, in double precision. */
export function returnOf(rewards: Float32Array): number {
  return rewards.reduce((sum, reward) => sum + reward, 0);
}

/** The smallest and the largest of some numbers, of which there may be more than arguments of a call. */
function rangeOf(values: readonly number[]): [lowest: number, highest: number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
