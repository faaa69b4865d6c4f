import type { EnvironmentSpec } from '../../envs/env.js';
import { Symmetry } from '../../envs/symmetry.js';
import type { RandomStream } from '../rng.js';
import type { TransitionBatches } from './transitions.js';

/** Other places from which transitions are seen. */
export interface AugmentationOptions {
  /** Mirror every other transition. */
  mirror: boolean;
  /** Turn each transition by up to this much, to either side. */
  turnRadians: number;
  /** True if the parts of an action are each stretched by a factor of its own (`train.data_action_scale`). */
  stretchedActions: boolean;
}

/**
 * Shows transitions as they would be elsewhere, where the task is the same (Lin et al. 2020, arXiv 1909.10707). Rewards
 * and discounts stay what they are.
 */
export class Augmentation {
  private readonly symmetry: Symmetry;

  /** Throws if the environment has no such symmetries, or if stretched parts of an action would be mixed. */
  constructor(
    private readonly spec: EnvironmentSpec,
    private readonly options: AugmentationOptions,
  ) {
    this.symmetry = new Symmetry(spec);
    if (options.stretchedActions && options.turnRadians > 0 && this.symmetry.mixesActionParts) {
      throw new Error(
        `train.data_action_scale stretches the parts of an action in ${spec.controlMode} differently, so that they ` +
          'cannot be turned: leave one of the two out',
      );
    }
  }

  /**
   * Moves the rows `from` to `to` − 1 in place, each elsewhere; what is random is drawn from `stream`. A row whose action
   * could not be done elsewhere is not turned.
   */
  apply(batches: TransitionBatches, from: number, to: number, stream: RandomStream): void {
    const { mirror, turnRadians } = this.options;
    const { observationDim, actionDim } = this.spec;
    const { symmetry } = this;
    const { observations, nextObservations, actions } = batches;
    for (let row = from; row < to; row++) {
      const start = row * observationDim;
      if (mirror && stream.uniform() < 0.5) {
        symmetry.mirrorObservation(observations, start);
        symmetry.mirrorObservation(nextObservations, start);
        symmetry.mirrorAction(actions, row * actionDim);
      }
      if (turnRadians > 0) {
        const radians = stream.uniform(-turnRadians, turnRadians);
        if (!symmetry.turnAction(actions, radians, row * actionDim)) continue;
        symmetry.turnObservation(observations, radians, start);
        symmetry.turnObservation(nextObservations, radians, start);
      }
    }
  }
}
