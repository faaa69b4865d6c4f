import type { DomainRandomization, EnvironmentSpec, RewardMode } from '../../envs/env.js';

/** The environments of a vector environment, and the number of threads that step them. */
export interface VectorEnvironmentOptions {
  envId: string;
  controlMode: string;
  rewardMode: RewardMode;
  /** Steps of an episode; the task's own horizon if left out. */
  maxEpisodeSteps?: number;
  /** Domain randomisation; none if left out. */
  randomization?: DomainRandomization;
  numEnvs: number;
  /** Worker threads to spread the environments over; 0 steps them in this thread. */
  numWorkers: number;
  /** Episode k of environment i runs with the seed `hashSeed(seed, k × numEnvs + i)`. */
  seed: number;
  /** True: success does not end an episode and does not set `terminated`; what a task ends by without success still does. */
  ignoreTerminations: boolean;
}

/** The running episode of one environment: its number and the actions so far, from which it can be rebuilt exactly. */
export interface EpisodeProgress {
  episode: number;
  /** [steps, actionDim] */
  actions: Float32Array;
}

/**
 * N environments stepped together, with automatic reset. The arrays are owned by the vector environment and rewritten
 * by each step. The results do not depend on the number of workers.
 */
export interface VectorEnvironment {
  readonly spec: EnvironmentSpec;
  readonly numEnvs: number;
  /** [numEnvs, observationDim]: the observations to act on next; of the new episode where one has just ended. */
  readonly observations: Float32Array;
  /** [numEnvs, observationDim]: the observations after the last step; the true final one where an episode has ended. */
  readonly nextObservations: Float32Array;
  /** [numEnvs] */
  readonly rewards: Float32Array;
  /** [numEnvs], 0 or 1; with `ignoreTerminations`, never by success. */
  readonly terminated: Uint8Array;
  /** [numEnvs], 0 or 1 */
  readonly truncated: Uint8Array;
  /** [numEnvs], 0 or 1: success in the state that the last step led to. */
  readonly successes: Uint8Array;

  /** Starts episode 0 in every environment, until the next reset with the seed that it was made with or another one. */
  reset(seed?: number): Promise<void>;

  /** Steps every environment with `actions` [numEnvs, actionDim]. Rejects with a worker's error if one fails. */
  step(actions: Float32Array): Promise<void>;

  /** The progress of each environment in its episode, from which `restore` continues exactly. */
  progress(): EpisodeProgress[];

  /** Rebuilds the given episodes, of the seed that it was made with, by replaying their actions. */
  restore(progress: readonly EpisodeProgress[]): Promise<void>;

  /** Ends the workers and frees the physics worlds. */
  close(): Promise<void>;
}
