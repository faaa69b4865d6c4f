import { setImmediate } from 'node:timers/promises';
import { type SuccessMeasure, successBy } from '../../envs/success.js';
import { trajectoryStats } from '../datasets/formats/maniskill/trajectory_stats.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';
import { type EpisodeStats, type EpisodeSummary, summariseEpisodes } from '../rollout/episode_stats.js';
import { NEVER_STOP, type StopSignal } from '../stop_signal.js';

/**
 * A source of episodes: `record` returns the episodes `first`, `first + 1`, …, `count` of them; null if a stop was
 * requested meanwhile.
 */
export interface EpisodeSource {
  record(first: number, count: number, stop: StopSignal): Promise<RecordedTrajectory[] | null>;
}

export interface GatherOptions {
  /** The number of episodes that are recorded at a time. */
  numEnvs: number;
  numEpisodes: number;
  /** True leaves out episodes that fail, and goes on until there are enough others. */
  onlySuccesses: boolean;
  /** The success that counts. */
  judgedBy: SuccessMeasure;
  /** Called with the number of episodes kept, and the share of successes among all so far. */
  onProgress?: (kept: number, successRate: number) => void;
  /** Aborting it ends the work after the episodes that are finished. */
  signal?: StopSignal;
}

/** The reason of the end: there are enough episodes, a stop was requested, or too few succeed. */
export type GatherEnding = 'complete' | 'interrupted' | 'gave up';

export interface Gathered {
  ending: GatherEnding;
  kept: number;
  /** Summary of all episodes, also of those left out. */
  attempts: EpisodeSummary;
}

/** Failures in a row after which there is no hope for a dataset of successes. */
export const MAX_FAILURES_IN_A_ROW = 200;

/**
 * Runs the episodes 0, 1, … of `source` until enough are kept, and hands those over in this order, numbered anew. The
 * outcome does not depend on `numEnvs`.
 */
export async function gatherEpisodes(
  source: EpisodeSource,
  keep: (episode: RecordedTrajectory) => void,
  { numEnvs, numEpisodes, onlySuccesses, judgedBy, onProgress, signal = NEVER_STOP }: GatherOptions,
): Promise<Gathered> {
  const attempts: EpisodeStats[] = [];
  let kept = 0;
  let successes = 0;
  let failuresInARow = 0;
  const result = (ending: GatherEnding) => ({ ending, kept, attempts: summariseEpisodes(attempts) });
  while (kept < numEpisodes) {
    // No more than are needed even if all are kept: none is run in vain.
    const round = await source.record(attempts.length, Math.min(numEnvs, numEpisodes - kept), signal);
    if (round === null) return result('interrupted');
    for (const trajectory of round) {
      const stats = trajectoryStats(trajectory);
      attempts.push(stats);
      const isSuccess = successBy(judgedBy, stats);
      if (isSuccess) successes++;
      failuresInARow = isSuccess ? 0 : failuresInARow + 1;
      if (isSuccess || !onlySuccesses) keep({ ...trajectory, episodeId: kept++ });
      if (onlySuccesses && failuresInARow === MAX_FAILURES_IN_A_ROW) return result('gave up');
    }
    onProgress?.(kept, successes / attempts.length);
    // Lets timers and Ctrl-C have their turn.
    await setImmediate();
  }
  return result('complete');
}
