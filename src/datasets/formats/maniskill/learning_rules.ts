import type { RewardMode } from '../../../../envs/env.js';
import { commandText } from '../../../command_text.js';
import { UserError } from '../../../errors.js';
import { toFloat32 } from '../../column.js';
import type { LearningRules } from '../../dataset.js';
import type { Episode } from '../../episode.js';
import type { DatasetRecord } from './json.js';

/**
 * ManiSkill's demonstrations as the reference takes them. Success does not end bootstrapping and neither does a time limit
 * within a recording: all masks are one. Sparse rewards are recomputed from the success flags; the dense ones have to be in
 * the file, of the same mode.
 */
export function maniskillRules(path: string, record: DatasetRecord, mode: RewardMode): LearningRules {
  const recorded = record.rewardMode;
  const isDense = mode === 'dense' || mode === 'normalized_dense';
  if (isDense && recorded !== null && recorded !== mode) {
    throw new UserError(
      `${path} holds rewards of reward_mode ${recorded}; expected ${mode}. ${recordRewardsHint(path, mode)}`,
    );
  }
  return {
    rewardsAsRecorded: false,
    terminationEnds: false,
    rewards: (episode) => rewardsOf(path, episode, mode),
    notes:
      isDense && recorded === null
        ? [`the json names no reward_mode: its rewards are taken to be ${mode}`]
        : [],
  };
}

function rewardsOf(path: string, { id, length, success, rewards }: Episode, mode: RewardMode): Float32Array {
  switch (mode) {
    case 'sparse':
      return Float32Array.from(success!);
    case 'none':
      return new Float32Array(length);
    case 'dense':
    case 'normalized_dense':
      if (rewards) return toFloat32(rewards);
      throw new UserError(`${path}: ${id} has no rewards. ${recordRewardsHint(path, mode)}`);
    default:
      return mode satisfies never;
  }
}

function recordRewardsHint(path: string, mode: RewardMode): string {
  const how = ['--use-env-states', '--reward-mode', mode, '--record-rewards', '--allow-failure'];
  const replay = commandText('replay', '--traj-path', path, ...how, '--save-traj');
  return `Use reward_mode sparse, or replay it: ${replay}`;
}
