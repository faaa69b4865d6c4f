import type { Agent } from '../agents/agent.js';
import type { Config } from '../config/schema.js';
import { namedStream, type RandomState, type RandomStream } from '../rng.js';

/** Where the random numbers of {@link Exploration} have got to. */
export type ExplorationState = Record<'seedActions' | 'explorationNoise', RandomState>;

/**
 * How a run acts in its environments: by samples of the policy, or, for the first `sac.num_seed_steps` env steps unless
 * `sac.seed_with_policy` is set, uniformly at random. With `sac.exploration_noise` σ, environment i of n adds normal noise
 * of deviation σ·(i + 1)/n to every action: some environments stay close to what the policy does, others show the critics
 * what it would never do, as do the actors with different ε of Ape-X (Horgan et al. 2018).
 */
export class Exploration {
  private readonly seedActions: RandomStream;
  private readonly explorationNoise: RandomStream;

  constructor(private readonly config: Config) {
    this.seedActions = namedStream(config.seed, 'seed-actions');
    this.explorationNoise = namedStream(config.seed, 'exploration-noise');
  }

  /** Writes the actions [numEnvs, actionDim] in [−1, 1] for `observations` [numEnvs, observationDim] into `actions`. */
  async act(
    agent: Agent,
    observations: Float32Array,
    actions: Float32Array,
    envSteps: number,
  ): Promise<void> {
    const { num_seed_steps: seedSteps, seed_with_policy: seedWithPolicy } = this.config.sac;
    if (envSteps < seedSteps && !seedWithPolicy) {
      this.seedActions.fillUniform(actions, -1, 1);
      return;
    }
    await agent.act(observations, actions, 'sample');
    if (this.config.sac.exploration_noise > 0) this.addNoise(actions);
  }

  getState(): ExplorationState {
    return {
      seedActions: this.seedActions.getState(),
      explorationNoise: this.explorationNoise.getState(),
    };
  }

  setState(state: ExplorationState): void {
    this.seedActions.setState(state.seedActions);
    this.explorationNoise.setState(state.explorationNoise);
  }

  private addNoise(actions: Float32Array): void {
    const { sac, env } = this.config;
    const noise = new Float32Array(actions.length);
    this.explorationNoise.fillNormal(noise);
    const actionDim = actions.length / env.num_envs;
    for (let i = 0; i < actions.length; i++) {
      const environment = Math.floor(i / actionDim);
      const deviation = (sac.exploration_noise * (environment + 1)) / env.num_envs;
      actions[i] = Math.min(1, Math.max(-1, actions[i] + deviation * noise[i]));
    }
  }
}
