import { constant, lecunNormal } from '../nn/initialisers.js';
import { dense, mlp, swish } from '../nn/mlp.js';
import type { Normal } from '../nn/normal.js';
import { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import { type FreshWeights, hiddenForm, lastWidth, network, shapeOf, tableOf } from './networks.js';
import type { NetworkFunction } from './step.js';

/** A normal distribution whose log-variances are softly held in a range that is learnt, with what a loss has to hold down. */
export interface BoundedNormal extends Normal {
  /** The sum over the entries of the upper limit less the lower one, a scalar. */
  logVarianceRange: tf.Tensor;
  /** ½‖W‖² of the kernel of each layer, scalars. */
  energies: tf.Tensor[];
}

/** Observations and actions [batch, …] → a normal distribution of what follows from them. */
export type GaussianDynamics = NetworkFunction<[observations: tf.Tensor, actions: tf.Tensor], BoundedNormal>;

/** Kernels whose outputs are as large as their inputs, and biases of 0. */
const LECUN: FreshWeights = {
  hidden: (inputs, outputs) => ({ kernel: lecunNormal(inputs, outputs), bias: constant([outputs], 0) }),
  last: (inputs, outputs) => ({ kernel: lecunNormal(inputs, outputs), bias: constant([outputs], 0) }),
};

/**
 * Hidden layers with swish on the observation and action side by side, then one linear head for means and log-variances [batch, width].
 * These are held by softplus between limits that are learnt, e^½ and e^−10 at first (Chua et al. 2018, arXiv 1805.12114).
 */
export function gaussianDynamics(
  { observationDim, actionDim }: Sizes,
  features: readonly number[],
  width: number,
): GaussianDynamics {
  const layers = { features, layerNorm: false, activation: swish, fresh: LECUN };
  const shape = shapeOf(observationDim + actionDim, layers);
  const table = {
    ...tableOf(shape, layers, 'head', lecunNormal(lastWidth(layers), 2 * width)),
    highest_log_variance: constant([width], 0.5),
    lowest_log_variance: constant([width], -10),
  };
  const kernels = Object.keys(table).filter((name) => name.endsWith('/kernel'));
  const form = { gives: 'dynamics', hidden: hiddenForm(layers) };
  return network(table, form, (parameters, observations: tf.Tensor, actions: tf.Tensor) => {
    const hidden = mlp(parameters, shape, tf.concat([observations, actions], 1));
    const [mean, raw] = tf.split(dense(parameters, 'head', hidden), 2, 1);
    const { highest_log_variance: high, lowest_log_variance: low } = parameters;
    return {
      mean,
      logStd: tf.mul(softlyBetween(raw, low, high), 0.5),
      logVarianceRange: tf.sum(tf.sub(high, low)),
      energies: kernels.map((name) => tf.mul(tf.sum(tf.square(parameters[name])), 0.5)),
    };
  });
}

/** Numbers held between limits, none of which they reach: below `high` first, and then above `low`. */
function softlyBetween(raw: tf.Tensor, low: tf.Tensor, high: tf.Tensor): tf.Tensor {
  const below = tf.sub(high, tf.softplus(tf.sub(high, raw)));
  return tf.add(low, tf.softplus(tf.sub(below, low)));
}
