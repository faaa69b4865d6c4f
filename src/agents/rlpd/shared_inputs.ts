import type { NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import type { RlpdOptions } from './options.js';

/** Shapes of the arrays of a batch and of the settings that every stage may use. */
export function sharedShapes({ batchSize, observationDim, actionDim }: RlpdOptions) {
  return {
    observations: [batchSize, observationDim],
    actions: [batchSize, actionDim],
    perRow: [batchSize],
    normalisation: { observationMean: [observationDim], observationScale: [observationDim] },
    scalar: [] as number[],
  };
}

/** (observations − mean) ∘ scale; the identity unless set otherwise. */
export function normalised(inputs: NamedTensors, observations: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(observations, inputs['observationMean']), inputs['observationScale']);
}
