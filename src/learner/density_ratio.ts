import { constant, uniform } from '../nn/initialisers.js';
import { dense, mlp } from '../nn/mlp.js';
import { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import { besideObservations, hiddenForm, lastWidth, network, shapeOf, tableOf } from './networks.js';
import type { NetworkFunction } from './step.js';

/** Observations and actions [batch, …] → numbers from 0 [batch]. */
export type DensityRatio = NetworkFunction<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;

/** The largest fresh weight of the last layer, as in the code of BRED's authors. */
const LAST_WEIGHT = 3e-3;

/**
 * w(s, a) = ReLU of a linear unit on hidden layers on the observation and action side by side, at first about 1 everywhere (Lee et al. 2021,
 * arXiv 2107.00591).
 */
export function densityRatio(
  { observationDim, actionDim }: Sizes,
  features: readonly number[],
): DensityRatio {
  const layers = { features, layerNorm: false };
  const shape = shapeOf(observationDim + actionDim, layers);
  const table = {
    ...tableOf(shape, layers, 'value', uniform([lastWidth(layers), 1], LAST_WEIGHT)),
    'value/bias': constant([1], 1),
  };
  const form = { gives: 'density ratio', hidden: hiddenForm(layers) };
  return network(table, form, (parameters, observations: tf.Tensor, actions: tf.Tensor) =>
    besideObservations(observations, actions, (inputs) =>
      tf.relu(tf.reshape(dense(parameters, 'value', mlp(parameters, shape, inputs)), [-1])),
    ),
  );
}
