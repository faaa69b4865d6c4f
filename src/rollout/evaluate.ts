import {
  EpisodeAccumulator,
  type EpisodeStats,
  type EpisodeSummary,
  summariseEpisodes,
} from './episode_stats.js';
import type { VectorEnvironment } from './vector_env.js';

/** Writes the actions [numEnvs, actionDim] for `observations` [numEnvs, observationDim]. */
export type Policy = (observations: Float32Array, actions: Float32Array) => Promise<void>;

export interface Evaluation {
  summary: EpisodeSummary;
  /**
   * The episodes in the order of their numbers: episode e ran with `hashSeed(seed, e)`, `seed` being the environment's.
   */
  episodes: EpisodeStats[];
  /** The actions [length, actionDim] of the first episodes, as many as were asked for. */
  actions: Float32Array[];
}

/**
 * Runs a policy on the episodes 0 to `numEpisodes` − 1 of a vector environment, from its start. These episodes are the
 * same for any number of environments or workers; those that begin beyond are run along and left out. The actions of
 * the first `numRecorded` episodes are kept: with their seeds, they determine the episodes.
 */
export async function evaluate(
  environment: VectorEnvironment,
  policy: Policy,
  numEpisodes: number,
  numRecorded = 0,
): Promise<Evaluation> {
  const { numEnvs, spec } = environment;
  const actions = new Float32Array(numEnvs * spec.actionDim);
  const accumulator = new EpisodeAccumulator(numEnvs);
  const rounds = new Int32Array(numEnvs);
  const episodes: EpisodeStats[] = new Array(numEpisodes);
  const recorded: Float32Array[][] = Array.from({ length: Math.min(numRecorded, numEpisodes) }, () => []);
  let finished = 0;
  await environment.reset();
  while (finished < numEpisodes) {
    await policy(environment.observations, actions);
    for (let env = 0; env < numEnvs; env++) {
      const episode = rounds[env] * numEnvs + env;
      recorded[episode]?.push(actions.slice(env * spec.actionDim, (env + 1) * spec.actionDim));
    }
    await environment.step(actions);
    for (const stats of accumulator.add(environment)) {
      const episode = rounds[stats.env]++ * numEnvs + stats.env;
      if (episode >= numEpisodes) continue;
      episodes[episode] = stats;
      finished++;
    }
  }
  return { summary: summariseEpisodes(episodes), episodes, actions: recorded.map(concatenate) };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
