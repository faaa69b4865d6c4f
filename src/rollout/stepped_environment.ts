import type { EnvironmentSpec } from '../../envs/env.js';
import type { EnvironmentColumns, Stepper } from './columns.js';
import type { EpisodeProgress, VectorEnvironment } from './vector_env.js';

/** A vector environment over any stepper. Remembers the actions of the running episodes, to be able to save them. */
export class SteppedEnvironment implements VectorEnvironment {
  readonly spec: EnvironmentSpec;
  readonly observations: Float32Array;
  readonly nextObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly successes: Uint8Array;
  private readonly columns: EnvironmentColumns;
  /** [numEnvs, maxEpisodeSteps, actionDim] */
  private readonly history: Float32Array;
  /** [numEnvs]: the numbers of the running episodes, and the steps taken in them, by the last step that succeeded. */
  private readonly episodes: Int32Array;
  private readonly steps: Int32Array;

  constructor(
    readonly numEnvs: number,
    private readonly stepper: Stepper,
    private readonly seed: number,
  ) {
    const { spec, columns } = stepper;
    this.spec = spec;
    this.columns = columns;
    this.observations = columns.observations;
    this.nextObservations = columns.nextObservations;
    this.rewards = columns.rewards;
    this.terminated = columns.terminated;
    this.truncated = columns.truncated;
    this.successes = columns.successes;
    this.history = new Float32Array(numEnvs * spec.maxEpisodeSteps * spec.actionDim);
    this.episodes = new Int32Array(numEnvs);
    this.steps = new Int32Array(numEnvs);
  }

  async reset(seed = this.seed): Promise<void> {
    this.columns.episodes.fill(0);
    await this.start(seed);
  }

  async step(actions: Float32Array): Promise<void> {
    if (actions.length !== this.columns.actions.length) {
      throw new RangeError(
        `actions has ${actions.length} values; expected [${this.numEnvs}, ${this.spec.actionDim}]`,
      );
    }
    this.columns.actions.set(actions);
    this.columns.active.fill(1);
    await this.stepActive();
  }

  progress(): EpisodeProgress[] {
    return Array.from(this.steps, (steps, env) => ({
      episode: this.episodes[env],
      actions: this.history.slice(this.historyOffset(env, 0), this.historyOffset(env, steps)),
    }));
  }

  async restore(progress: readonly EpisodeProgress[]): Promise<void> {
    const { actionDim } = this.spec;
    if (progress.length !== this.numEnvs) {
      throw new RangeError(`can't restore ${progress.length} episodes in ${this.numEnvs} environments`);
    }
    const lengths = progress.map(({ actions }) => actions.length / actionDim);
    progress.forEach(({ episode }, env) => {
      this.columns.episodes[env] = episode;
    });
    await this.start(this.seed);
    for (let step = 0; step < Math.max(...lengths); step++) {
      progress.forEach(({ actions }, env) => {
        this.columns.active[env] = step < lengths[env] ? 1 : 0;
        const action = actions.subarray(step * actionDim, (step + 1) * actionDim);
        this.columns.actions.set(action, env * actionDim);
      });
      await this.stepActive();
    }
    const ended = progress.findIndex(({ episode }, env) => this.columns.episodes[env] !== episode);
    if (ended >= 0) {
      throw new RangeError(`the saved actions of environment ${ended} go on past the end of their episode`);
    }
  }

  close(): Promise<void> {
    return this.stepper.close();
  }

  private async start(seed: number): Promise<void> {
    this.columns.seed[0] = seed;
    this.columns.active.fill(1);
    await this.stepper.run('start');
    this.steps.fill(0);
    this.episodes.set(this.columns.episodes);
  }

  private async stepActive(): Promise<void> {
    const { actionDim } = this.spec;
    const { actions, active } = this.columns;
    for (let env = 0; env < this.numEnvs; env++) {
      if (active[env] === 0) continue;
      const offset = this.historyOffset(env, this.steps[env]);
      for (let i = 0; i < actionDim; i++) this.history[offset + i] = actions[env * actionDim + i];
    }
    await this.stepper.run('step');
    for (let env = 0; env < this.numEnvs; env++) {
      if (active[env] === 0) continue;
      this.steps[env] = this.terminated[env] || this.truncated[env] ? 0 : this.steps[env] + 1;
    }
    this.episodes.set(this.columns.episodes);
  }

  private historyOffset(env: number, step: number): number {
    return (env * this.spec.maxEpisodeSteps + step) * this.spec.actionDim;
  }
}
