import type { LearningRules } from '../datasets/dataset.js';
import type { Episode } from '../datasets/episode.js';
import { UserError } from '../errors.js';

/** The ways to come to the rewards that are learnt from. */
export const REWARD_SOURCES = ['recorded', 'success_at_end', 'every_end'] as const;

/**
 * The origin of the rewards: the recording; or 1 in the last step of an episode, which ends the task, and 0 in all others, for episodes
 * that succeed at their end or for all.
 */
export type RewardSource = (typeof REWARD_SOURCES)[number];

interface RewardChoice {
  rewardSource?: RewardSource | undefined;
  /** False takes data without rewards too, for who imitates; left out: true. */
  needsRewards?: boolean;
}

/** The rules of a dataset, with the rewards of a source. */
export function rewardRules(
  rules: LearningRules,
  { rewardSource = 'recorded', needsRewards = true }: RewardChoice,
): LearningRules {
  if (rewardSource !== 'recorded') {
    return {
      ...rules,
      rewardsAsRecorded: false,
      terminationEnds: true,
      rewards: (episode) => endReward(episode, rewardSource),
      notes: [
        ...rules.notes,
        `its rewards are by train.reward_source=${rewardSource}: 1 in the last step of ${
          rewardSource === 'every_end' ? 'every episode' : 'an episode that succeeds then'
        }, which ends the task, and else 0`,
      ],
    };
  }
  if (needsRewards || !rules.rewardsAsRecorded) return rules;
  return {
    ...rules,
    rewards: (episode) => (episode.rewards ? rules.rewards(episode) : new Float32Array(episode.length)),
  };
}

/** An episode whose task is ended by its last step, if the source of the rewards says so. */
export function endedEpisode(
  path: string,
  episode: Episode,
  { rewardSource = 'recorded' }: RewardChoice,
): Episode {
  if (rewardSource === 'recorded') return episode;
  const { id, length, success } = episode;
  if (rewardSource === 'success_at_end' && !success) {
    throw new UserError(
      `${path}: ${id} does not say whether it succeeded, so train.reward_source=success_at_end can't be`,
    );
  }
  const ends = new Uint8Array(length);
  ends[length - 1] = isRewarded(episode, rewardSource) ? 1 : 0;
  const truncated = ends.map((flag, step) => (step === length - 1 ? 1 - flag : 0));
  return { ...episode, terminated: ends, truncated };
}

function endReward(episode: Episode, source: RewardSource): Float32Array {
  const rewards = new Float32Array(episode.length);
  rewards[episode.length - 1] = isRewarded(episode, source) ? 1 : 0;
  return rewards;
}

function isRewarded({ success }: Episode, source: RewardSource): boolean {
  return source === 'every_end' || success?.at(-1) === 1;
}
