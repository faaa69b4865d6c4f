import type { EnvironmentSpec } from '../env.js';
import { hashSeed, RandomStream } from '../random.js';
import type { Expert } from './expert.js';

/** Acts at random: each number of an action is uniform between its bounds. It knows nothing of the task. */
export class RandomActor implements Expert {
  private readonly random = new RandomStream(0);
  readonly intended: Float32Array;

  constructor(
    private readonly spec: Pick<EnvironmentSpec, 'actionDim' | 'actionLow' | 'actionHigh'>,
    private readonly seed: number,
  ) {
    this.intended = new Float32Array(spec.actionDim);
  }

  reset(episodeSeed: number): void {
    this.random.reseed(hashSeed(this.seed, episodeSeed));
  }

  act(_observation: Float32Array, action: Float32Array): void {
    const { actionDim, actionLow, actionHigh } = this.spec;
    for (let i = 0; i < actionDim; i++) action[i] = this.random.uniform(actionLow[i], actionHigh[i]);
    this.intended.set(action);
  }
}
