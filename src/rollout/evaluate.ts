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
  /** In the order of their numbers: episode e ran with `hashSeed(seed, e)`, `seed` being the environment's. */
  episodes: EpisodeStats[];
}

/**
 * Runs a policy on the episodes 0 to `numEpisodes` − 1 of a vector environment, from its start. Which episodes these
 * are does not depend on the number of environments or workers; those that begin beyond are run along and left out.
 */
export async function evaluate(
  environment: VectorEnvironment,
  policy: Policy,
  numEpisodes: number,
  onStep: (finishedEpisodes: number) => void = () => {},
): Promise<Evaluation> {
  const { numEnvs, spec } = environment;
  const actions = new Float32Array(numEnvs * spec.actionDim);
  const accumulator = new EpisodeAccumulator(numEnvs);
  const rounds = new Int32Array(numEnvs);
  const episodes: EpisodeStats[] = new Array(numEpisodes);
  let finished = 0;
  await environment.reset();
  while (finished < numEpisodes) {
    await policy(environment.observations, actions);
    await environment.step(actions);
    for (const stats of accumulator.add(environment)) {
      const episode = rounds[stats.env]++ * numEnvs + stats.env;
      if (episode >= numEpisodes) continue;
      episodes[episode] = stats;
      finished++;
    }
    onStep(finished);
  }
  return { summary: summariseEpisodes(episodes), episodes };
}
