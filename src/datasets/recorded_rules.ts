import { UserError } from '../errors.js';
import { toFloat32 } from './column.js';
import type { LearningRules } from './dataset.js';

/** Learning as the recording says it: its rewards, and nothing to be gained after a step that terminated. */
export function recordedRules(path: string): LearningRules {
  return {
    rewardsAsRecorded: true,
    terminationEnds: true,
    rewards({ id, rewards }) {
      if (rewards) return toFloat32(rewards);
      throw new UserError(`${path}: ${id} has no rewards to learn from`);
    },
    notes: [],
  };
}
