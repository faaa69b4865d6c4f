import type { EpisodeStats } from '../../../rollout/episode_stats.js';
import type { Trajectory } from './trajectory.js';

/** Statistics of a recorded episode. */
export function trajectoryStats({ length, rewards, success }: Trajectory): EpisodeStats {
  const total = rewards?.reduce((sum, reward) => sum + reward, 0) ?? 0;
  const first = success.indexOf(1);
  return {
    env: 0,
    return: total,
    reward: total / length,
    length,
    successOnce: first >= 0,
    successAtEnd: success[length - 1] === 1,
    firstSuccessStep: first >= 0 ? first + 1 : null,
  };
}
