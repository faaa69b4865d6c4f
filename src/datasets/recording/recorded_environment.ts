import type { Environment, EnvironmentSpec, EnvironmentState, StepOutcome } from '../../../envs/env.js';
import type { MetadataValue } from '../metadata.js';
import { EpisodeLog } from './episode_log.js';
import type { StepInfos } from './step_infos.js';

/** Choices of a recording of one environment. */
export interface RecordedEnvironmentOptions {
  /** True: success doesn't end an episode, as in evaluations. */
  ignoreTerminations?: boolean;
  /** Called after each step; gives values to record beside the environment's own flags and numbers. */
  stepInfos?: (outcome: StepOutcome) => StepInfos;
  /** Called when an episode is finished; gives its metadata. */
  episodeMetadata?: () => Readonly<Record<string, MetadataValue>>;
}

/**
 * An environment whose episodes are recorded. It does what the one within does, to the bit. An episode is finished, and kept, when it
 * terminates or is cut off; one that is left before, by a reset or by `close`, is kept as one without an end.
 */
export class RecordedEnvironment implements Environment {
  readonly spec: EnvironmentSpec;
  private log: EpisodeLog | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly options: RecordedEnvironmentOptions,
    private readonly keep: (log: EpisodeLog) => void,
  ) {
    this.spec = environment.spec;
  }

  reset(seed: number, observation: Float32Array): void {
    this.finishEpisode();
    this.environment.reset(seed, observation);
    this.log = new EpisodeLog(observation, Number.isSafeInteger(seed) ? BigInt(seed) : null);
  }

  resetTo(state: EnvironmentState, seed: number | null, observation: Float32Array): void {
    this.finishEpisode();
    this.environment.resetTo(state, seed, observation);
    this.log = new EpisodeLog(observation, null);
  }

  step(action: Float32Array, observation: Float32Array): StepOutcome {
    const outcome = this.environment.step(action, observation);
    const { log } = this;
    if (!log) return outcome;
    const { ignoreTerminations = false, stepInfos } = this.options;
    const { reward, truncated, success, flags, numbers } = outcome;
    const terminated = outcome.terminated && !(success && ignoreTerminations);
    log.add({ action, observation, reward, terminated, truncated, success });
    log.addInfos({ ...flags, ...numbers, ...stepInfos?.(outcome) });
    if (terminated || truncated) this.finishEpisode();
    return outcome;
  }

  observe(observation: Float32Array): void {
    this.environment.observe(observation);
  }

  evaluate(): StepOutcome {
    return this.environment.evaluate();
  }

  getState(): EnvironmentState {
    return this.environment.getState();
  }

  /** Ends the recorded episode: what follows does not come from its last step. A new one begins in `state`. */
  setState(state: EnvironmentState): void {
    this.environment.setState(state);
    this.finishEpisode();
    const observation = new Float32Array(this.spec.observationDim);
    this.environment.observe(observation);
    this.log = new EpisodeLog(observation, null);
  }

  checkState(state: EnvironmentState): void {
    this.environment.checkState(state);
  }

  close(): void {
    this.finishEpisode();
    this.environment.close();
  }

  private finishEpisode(): void {
    const { log } = this;
    this.log = null;
    if (!log || log.length === 0) return;
    log.describe(new Map(Object.entries(this.options.episodeMetadata?.() ?? {})));
    this.keep(log);
  }
}
