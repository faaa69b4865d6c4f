import type { Normal } from '../nn/normal.js';
import { tf } from '../nn/tensorflow.js';
import type { CallableNetwork } from './step.js';

/** The random choices of imagined steps. */
export interface ImaginedDraws {
  /** [rows, members]: 1 for the member that a step goes by, 0 for all others. */
  chosen: tf.Tensor;
  /** [rows, observationDim + 1]: standard normal numbers. */
  noise: tf.Tensor;
}

/** The outcome of imagined steps. */
export interface ImaginedOutcome {
  /** [rows, observationDim]: what is added to the observation, not normalised. */
  change: tf.Tensor;
  /** [rows] */
  rewards: tf.Tensor;
  /** [rows]: how far the members can be wrong about a step, by their own account. */
  doubts: tf.Tensor;
}

/** The outcome of actions: the change of the normalised observation, and the reward, side by side [rows, observationDim + 1]. */
export function outcomeOf(
  observations: tf.Tensor,
  nextObservations: tf.Tensor,
  rewards: tf.Tensor,
): tf.Tensor {
  return tf.concat([tf.sub(nextObservations, observations), tf.expandDims(rewards, 1)], 1);
}

/** Experience that an algorithm makes with a model of the environment: rollouts of its policy from observations in the data. */
export interface Imagination {
  /**
   * The ensemble, learnt in the phase `model`: normal distributions [rows, observationDim + 1] of the change of the normalised
   * observation and of the reward.
   */
  model: CallableNetwork<[observations: tf.Tensor, actions: tf.Tensor], Normal>;
  /** The number of its members that rollouts go by: those of the least error on transitions that were held out. */
  elites: number;
  /** The updates of the phase `offline` after which rollouts are made. */
  every: number;
  /** Rollouts at a time, the steps of each, and the times that they are kept for. */
  rollouts: number;
  steps: number;
  kept: number;
  /** The share of data in batches. */
  realShare: number;
  /** A member's errors [rows] about what followed, [rows, observationDim + 1]. */
  errors(prediction: Normal, outcome: tf.Tensor): tf.Tensor;
  /** One step of rollouts, by all members' predictions; `observationScale` [observationDim] is that of the normalisation. */
  step(predictions: readonly Normal[], draws: ImaginedDraws, observationScale: tf.Tensor): ImaginedOutcome;
}
