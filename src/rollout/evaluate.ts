import type { Environment } from '../../envs/env.js';
import {
  EpisodeAccumulator,
  type EpisodeStats,
  type EpisodeSummary,
  summariseEpisodes,
} from './episode_stats.js';
import { inProcessStepper } from './in_process_stepper.js';
import { SteppedEnvironment } from './stepped_environment.js';
import type { VectorEnvironment } from './vector_env.js';

/** Writes the actions [numEnvs, actionDim] for `observations` [numEnvs, observationDim]. */
export type Policy = (observations: Float32Array, actions: Float32Array) => void | Promise<void>;

/** An agent, as an evaluation knows it: it acts by what it thinks best, its `mode`. */
export interface ActingAgent {
  act(observations: Float32Array, actions: Float32Array, choice: 'mode'): void | Promise<void>;
}

/** The episodes of an evaluation. */
export interface EvaluationOptions {
  /** Number of episodes. */
  episodes: number;
  /** Episode e runs with `hashSeed(seed, e)`. Left out: the seed of a vector environment, 0 in any other. */
  seed?: number;
  /** Number of first episodes whose actions are kept. With its seed and its actions, an episode can be made again. */
  recorded?: number;
}

export interface Evaluation {
  summary: EpisodeSummary;
  /** The episodes, in the order of their numbers. */
  episodes: EpisodeStats[];
  /** The actions [length, actionDim] of the first episodes, as many as were asked for. */
  actions: Float32Array[];
}

/**
 * Runs an agent or a policy on the first episodes of a vector environment, or of a single environment, which is stepped in
 * this thread and whose episodes have their full length: success does not end them. The episodes are the same for any
 * number of environments or workers; those that begin beyond them are run along and left out. Throws a RangeError if there
 * are to be no episodes.
 */
export async function evaluate(
  actor: Policy | ActingAgent,
  environment: Environment | VectorEnvironment,
  { episodes, seed, recorded = 0 }: EvaluationOptions,
): Promise<Evaluation> {
  if (!Number.isInteger(episodes) || episodes < 1)
    throw new RangeError(`episodes is ${episodes}; expected 1 or more`);
  const policy: Policy =
    typeof actor === 'function' ? actor : (observed, actions) => actor.act(observed, actions, 'mode');
  const vector = 'numEnvs' in environment ? environment : vectorOf(environment);
  await vector.reset(seed);
  return runEpisodes(vector, policy, episodes, recorded);
}

function vectorOf(environment: Environment): VectorEnvironment {
  return new SteppedEnvironment(1, inProcessStepper([environment], { ignoreTerminations: true }), 0);
}

/** Runs episodes 0 to `numEpisodes` − 1 of an environment that has just been reset. */
async function runEpisodes(
  environment: VectorEnvironment,
  policy: Policy,
  numEpisodes: number,
  numRecorded: number,
): Promise<Evaluation> {
  const { numEnvs, spec } = environment;
  const actions = new Float32Array(numEnvs * spec.actionDim);
  const accumulator = new EpisodeAccumulator(numEnvs);
  const rounds = new Int32Array(numEnvs);
  const episodes: EpisodeStats[] = new Array(numEpisodes);
  const recorded: Float32Array[][] = Array.from({ length: Math.min(numRecorded, numEpisodes) }, () => []);
  let finished = 0;
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
  return {
    summary: summariseEpisodes(episodes, spec.judgedBy),
    episodes,
    actions: recorded.map(concatenate),
  };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
