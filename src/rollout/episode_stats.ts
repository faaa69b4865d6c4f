import { type Measure, USUAL_MEASURE } from '../../envs/success.js';
import { median } from '../median.js';
import type { VectorEnvironment } from './vector_env.js';

/** One finished episode. */
export interface EpisodeStats {
  env: number;
  /** The sum of its rewards, undiscounted. */
  return: number;
  /** Mean reward a step: `return / length`. */
  reward: number;
  /** Number of steps. */
  length: number;
  /** True if any step led to success. */
  successOnce: boolean;
  /** True if the last step led to success. */
  successAtEnd: boolean;
  /** Steps until the first success, null without one. */
  firstSuccessStep: number | null;
}

/** The sums of the episodes that are still running, one entry an environment. */
export interface RunningEpisodes {
  returns: number[];
  lengths: number[];
  firstSuccesses: number[];
}

/** Adds up the running episodes of a vector environment. */
export class EpisodeAccumulator {
  private readonly returns: Float64Array;
  private readonly lengths: Int32Array;
  /** Steps until the first success; 0 while there is none. */
  private readonly firstSuccesses: Int32Array;

  constructor(numEnvs: number) {
    this.returns = new Float64Array(numEnvs);
    this.lengths = new Int32Array(numEnvs);
    this.firstSuccesses = new Int32Array(numEnvs);
  }

  /** Adds the vector environment's last step and returns the episodes that it ended. */
  add(step: Pick<VectorEnvironment, 'rewards' | 'terminated' | 'truncated' | 'successes'>): EpisodeStats[] {
    const finished: EpisodeStats[] = [];
    for (let env = 0; env < this.returns.length; env++) {
      this.returns[env] += step.rewards[env];
      this.lengths[env]++;
      if (step.successes[env] && this.firstSuccesses[env] === 0) this.firstSuccesses[env] = this.lengths[env];
      if (step.terminated[env] || step.truncated[env]) {
        finished.push(this.statsOf(env, step.successes[env] === 1));
        this.forget(env);
      }
    }
    return finished;
  }

  /** State of the running episodes, to go on with them after a restart. */
  getState(): RunningEpisodes {
    return {
      returns: Array.from(this.returns),
      lengths: Array.from(this.lengths),
      firstSuccesses: Array.from(this.firstSuccesses),
    };
  }

  setState({ returns, lengths, firstSuccesses }: RunningEpisodes): void {
    this.returns.set(returns);
    this.lengths.set(lengths);
    this.firstSuccesses.set(firstSuccesses);
  }

  private statsOf(env: number, successAtEnd: boolean): EpisodeStats {
    const length = this.lengths[env];
    const first = this.firstSuccesses[env];
    return {
      env,
      return: this.returns[env],
      reward: this.returns[env] / length,
      length,
      successOnce: first > 0,
      successAtEnd,
      firstSuccessStep: first > 0 ? first : null,
    };
  }

  private forget(env: number): void {
    this.returns[env] = 0;
    this.lengths[env] = 0;
    this.firstSuccesses[env] = 0;
  }
}

/** Distribution of a number over episodes; `std` is that of the population. All NaN over no episodes. */
export interface Distribution {
  mean: number;
  median: number;
  std: number;
  min: number;
  max: number;
}

/** Summary of a set of episodes, under ManiSkill's names. All about success is NaN in tasks that have none. */
export interface EpisodeSummary {
  episodes: number;
  /** Share of episodes with any success, and with success at the last step. */
  success_once: number;
  success_at_end: number;
  return: Distribution;
  reward: Distribution;
  episode_len: Distribution;
  /** Distribution over the episodes that have a success. */
  first_success_step: Distribution;
}

/** The summary of episodes of a task that is judged by `judgedBy`. */
export function summariseEpisodes(
  episodes: readonly EpisodeStats[],
  judgedBy: Measure = USUAL_MEASURE,
): EpisodeSummary {
  const share = (count: number) => (judgedBy === 'return' ? Number.NaN : count / episodes.length);
  return {
    episodes: episodes.length,
    success_once: share(episodes.filter((episode) => episode.successOnce).length),
    success_at_end: share(episodes.filter((episode) => episode.successAtEnd).length),
    return: distribution(episodes.map((episode) => episode.return)),
    reward: distribution(episodes.map((episode) => episode.reward)),
    episode_len: distribution(episodes.map((episode) => episode.length)),
    first_success_step: distribution(
      episodes.map((episode) => episode.firstSuccessStep).filter((step) => step !== null),
    ),
  };
}

/** The figure of a summary by which its policy is judged: a share of successes, or the mean return. */
export function scoreOf(judgedBy: Measure, summary: EpisodeSummary): number {
  return judgedBy === 'return' ? summary.return.mean : summary[judgedBy];
}

export function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  if (count === 0) {
    return { mean: Number.NaN, median: Number.NaN, std: Number.NaN, min: Number.NaN, max: Number.NaN };
  }
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { mean, median: median(sorted), std: Math.sqrt(variance), min: sorted[0], max: sorted[count - 1] };
}
