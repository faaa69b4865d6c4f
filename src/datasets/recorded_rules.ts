import { UserError } from '../errors.js';
import { toFloat32 } from './column.js';
import type { LearningRules } from './dataset.js';

export const LACK_OF_REWARDS = 'it has no rewards';

/** The ways to use data without rewards, for people. */
export const WAYS_WITHOUT_REWARDS =
  'algo=bc imitates without any, and train.reward_source=success_at_end or every_end makes some';

/** Learning as the recording says it: its rewards, and nothing to be gained after a step that terminated. */
export function recordedRules(path: string): LearningRules {
  return {
    rewardsAsRecorded: true,
    terminationEnds: true,
    rewards({ id, rewards }) {
      if (rewards) return toFloat32(rewards);
      throw new UserError(`${path}: ${id} has no rewards to learn from: ${WAYS_WITHOUT_REWARDS}`);
    },
    notes: [],
  };
}
