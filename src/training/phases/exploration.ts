import type { Config } from '../../config/schema.js';
import type { Agent } from '../../learner/agent.js';
import { namedStream, type RandomState, type RandomStream } from '../../rng.js';

/** State of {@link Exploration}. */
export interface ExplorationState {
  streams: Record<'seedActions' | 'noise', RandomState>;
  /** [numEnvs × actionDim]. */
  noise: number[];
}

type ExplorationSettings = Pick<
  Config['train'],
  'num_seed_steps' | 'seed_with_policy' | 'exploration_noise' | 'exploration_correlation'
>;

/**
 * The actions of a run in its environments: samples of the policy, or, for the first `train.num_seed_steps` env steps
 * unless `train.seed_with_policy` is set, uniformly random. With `train.exploration_noise` σ, environment i of n adds
 * normal noise of deviation σ·(i + 1)/n to every action: some environments stay close to the policy's actions, others
 * show the critics actions that it would never take, as do the actors with different ε of Ape-X (Horgan et al. 2018).
 * From one step to the next the noise has the correlation `train.exploration_correlation`, so that it leads somewhere
 * (Lillicrap et al. 2016).
 */
export class Exploration {
  private readonly streams: Record<'seedActions' | 'noise', RandomStream>;
  /** [numEnvs × actionDim]: normal noise, of deviation 1 but in the first steps, when it rises from 0. */
  private readonly noise: Float32Array;

  constructor(
    private readonly settings: ExplorationSettings,
    seed: number,
    private readonly numEnvs: number,
    private readonly actionDim: number,
  ) {
    this.streams = {
      seedActions: namedStream(seed, 'seed-actions'),
      noise: namedStream(seed, 'exploration-noise'),
    };
    this.noise = new Float32Array(numEnvs * actionDim);
  }

  /** Writes the actions [numEnvs, actionDim] in [−1, 1] for `observations` [numEnvs, observationDim] into `actions`. */
  async act(
    agent: Agent,
    observations: Float32Array,
    actions: Float32Array,
    envSteps: number,
  ): Promise<void> {
    const { num_seed_steps: seedSteps, seed_with_policy: seedWithPolicy } = this.settings;
    if (envSteps < seedSteps && !seedWithPolicy) {
      this.streams.seedActions.fillUniform(actions, -1, 1);
      return;
    }
    await agent.act(observations, actions, 'sample');
    if (this.settings.exploration_noise > 0) this.addNoise(actions);
  }

  getState(): ExplorationState {
    const { seedActions, noise } = this.streams;
    return {
      streams: { seedActions: seedActions.getState(), noise: noise.getState() },
      noise: [...this.noise],
    };
  }

  setState(state: ExplorationState): void {
    this.streams.seedActions.setState(state.streams.seedActions);
    this.streams.noise.setState(state.streams.noise);
    this.noise.set(state.noise);
  }

  private addNoise(actions: Float32Array): void {
    const { exploration_noise: largest, exploration_correlation: correlation } = this.settings;
    const share = Math.sqrt(1 - correlation ** 2);
    const fresh = new Float32Array(actions.length);
    this.streams.noise.fillNormal(fresh);
    for (let i = 0; i < actions.length; i++) {
      this.noise[i] = correlation * this.noise[i] + share * fresh[i];
      const environment = Math.floor(i / this.actionDim);
      const deviation = (largest * (environment + 1)) / this.numEnvs;
      actions[i] = Math.min(1, Math.max(-1, actions[i] + deviation * this.noise[i]));
    }
  }
}
