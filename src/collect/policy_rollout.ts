import type { Environment } from '../../envs/env.js';
import { toEnvironmentActions } from '../buffers/action_scale.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';
import { EpisodeRecorder } from '../demonstrations/record_episode.js';
import type { Agent } from '../learner/agent.js';
import { hashSeed, RandomStream, streamSeed } from '../rng.js';
import type { StopSignal } from '../stop_signal.js';

export interface PolicyRolloutOptions {
  /** The environments, all of one task. */
  environments: readonly Environment[];
  agent: Agent;
  /** [actionDim], see `Run`. */
  actionScale: Float32Array | null;
  /** True takes the policy's most likely actions, false samples. */
  deterministic: boolean;
  seed: number;
}

/** The number of rows of every call of the policy: for another number, its sums would be rounded in another order. */
const ROWS_PER_CALL = 8;

/**
 * Records episodes of a policy, several at a time: the environments make each step together, with one call of the policy
 * for every eight of them. An episode depends on `seed` and its number alone.
 */
export class PolicyRollout {
  /** [rows, observationDim], [rows, actionDim] and the standard normal noise of as many actions. */
  private readonly observations: Float32Array;
  private readonly actions: Float32Array;
  private readonly noise: Float32Array;
  private readonly rows: Row[];

  constructor(private readonly options: PolicyRolloutOptions) {
    const { environments } = options;
    const { observationDim, actionDim } = environments[0].spec;
    const rows = ROWS_PER_CALL * Math.ceil(environments.length / ROWS_PER_CALL);
    const observations = new Float32Array(rows * observationDim);
    const actions = new Float32Array(rows * actionDim);
    const noise = new Float32Array(actions.length);
    this.observations = observations;
    this.actions = actions;
    this.noise = noise;
    this.rows = environments.map((environment, row) => ({
      environment,
      observation: observations.subarray(row * observationDim, (row + 1) * observationDim),
      action: actions.subarray(row * actionDim, (row + 1) * actionDim),
      noise: noise.subarray(row * actionDim, (row + 1) * actionDim),
    }));
  }

  /**
   * Runs the episodes `first`, `first + 1`, …, `count` of them and at most one for each environment, over the full
   * horizon. Returns null if a stop was requested meanwhile.
   */
  async record(first: number, count: number, stop: StopSignal): Promise<RecordedTrajectory[] | null> {
    const { environments, deterministic } = this.options;
    const episodes = this.rows.slice(0, count).map((row, k) => this.begin(row, first + k));
    for (let step = 0; step < environments[0].spec.maxEpisodeSteps; step++) {
      if (stop.aborted) return null;
      if (!deterministic) for (const { row, random } of episodes) random.fillNormal(row.noise);
      await this.act();
      for (const { row, recorder } of episodes) {
        const outcome = row.environment.step(row.action, row.observation);
        recorder.add(row.action, row.observation, outcome);
      }
    }
    return episodes.map(({ episode, seed, recorder }) => recorder.trajectory(episode, seed));
  }

  private begin(row: Row, episode: number) {
    const seed = hashSeed(streamSeed(this.options.seed, 'collect'), episode);
    row.environment.reset(seed, row.observation);
    return {
      episode,
      row,
      seed,
      recorder: new EpisodeRecorder(row.environment, row.observation),
      random: new RandomStream(hashSeed(streamSeed(this.options.seed, 'collect-actions'), episode)),
    };
  }

  private async act(): Promise<void> {
    const { environments, agent, actionScale, deterministic } = this.options;
    const { observationDim, actionDim } = environments[0].spec;
    const part = (array: Float32Array, first: number, width: number) =>
      array.subarray(first * width, (first + ROWS_PER_CALL) * width);
    for (let first = 0; first < environments.length; first += ROWS_PER_CALL) {
      const noise = part(this.noise, first, actionDim);
      await agent.act(
        part(this.observations, first, observationDim),
        part(this.actions, first, actionDim),
        deterministic ? 'mode' : noise,
      );
    }
    if (actionScale) toEnvironmentActions(this.actions, actionScale);
  }
}

/** An environment and its row in each array. */
interface Row {
  environment: Environment;
  observation: Float32Array;
  action: Float32Array;
  noise: Float32Array;
}
