import type { EnvironmentSpec } from '../../../envs/env.js';
import { hashSeed } from '../../rng.js';
import type { EpisodeProgress, VectorEnvironment } from '../../rollout/vector_env.js';
import { EpisodeLog } from './episode_log.js';

/** Choices of a recording of many environments. */
export interface RecordedVectorOptions {
  /** The seed that the vector environment was made with, from which those of the episodes follow. */
  seed: number;
  /** The number of episodes to keep, the first ones by their numbers; left out: all. */
  episodes?: number;
}

/**
 * A vector environment whose episodes are recorded when they end. It does what the one within does, to the bit. An episode that is under
 * way in the end, or that another run has begun, is not kept.
 */
export class RecordedVectorEnvironment implements VectorEnvironment {
  readonly spec: EnvironmentSpec;
  readonly numEnvs: number;
  readonly observations: Float32Array;
  readonly nextObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly successes: Uint8Array;
  /** The episodes under way; null for one whose beginning is not known. */
  private logs: (EpisodeLog | null)[] = [];
  private numbers: number[] = [];
  private seed: number;

  constructor(
    private readonly environment: VectorEnvironment,
    private readonly options: RecordedVectorOptions,
    private readonly keep: (log: EpisodeLog) => void,
  ) {
    this.spec = environment.spec;
    this.numEnvs = environment.numEnvs;
    this.observations = environment.observations;
    this.nextObservations = environment.nextObservations;
    this.rewards = environment.rewards;
    this.terminated = environment.terminated;
    this.truncated = environment.truncated;
    this.successes = environment.successes;
    this.seed = options.seed;
  }

  async reset(seed?: number): Promise<void> {
    await this.environment.reset(seed);
    this.seed = seed ?? this.options.seed;
    this.numbers = new Array(this.numEnvs).fill(0);
    this.logs = this.numbers.map((_, env) => this.begin(env));
  }

  async step(actions: Float32Array): Promise<void> {
    const taken = actions.slice();
    await this.environment.step(actions);
    const { actionDim, observationDim } = this.spec;
    for (const [env, log] of this.logs.entries()) {
      const [terminated, truncated] = [this.terminated[env] === 1, this.truncated[env] === 1];
      log?.add({
        action: taken.subarray(env * actionDim, (env + 1) * actionDim),
        observation: this.nextObservations.subarray(env * observationDim, (env + 1) * observationDim),
        reward: this.rewards[env],
        terminated,
        truncated,
        success: this.successes[env] === 1,
      });
      if (!terminated && !truncated) continue;
      if (log && this.number(env) < (this.options.episodes ?? Number.POSITIVE_INFINITY)) this.keep(log);
      this.numbers[env]++;
      this.logs[env] = this.begin(env);
    }
  }

  progress(): EpisodeProgress[] {
    return this.environment.progress();
  }

  async restore(progress: readonly EpisodeProgress[]): Promise<void> {
    await this.environment.restore(progress);
    this.seed = this.options.seed;
    this.numbers = progress.map(({ episode }) => episode);
    this.logs = progress.map(({ actions }, env) => (actions.length === 0 ? this.begin(env) : null));
  }

  close(): Promise<void> {
    return this.environment.close();
  }

  private begin(env: number): EpisodeLog {
    const { observationDim } = this.spec;
    const observation = this.observations.subarray(env * observationDim, (env + 1) * observationDim);
    return new EpisodeLog(observation, BigInt(hashSeed(this.seed, this.number(env))));
  }

  /** The number of an environment's running episode among those of all. */
  private number(env: number): number {
    return this.numbers[env] * this.numEnvs + env;
  }
}
