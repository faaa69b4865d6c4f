import { lecunNormal } from '../nn/initialisers.js';
import { dense } from '../nn/mlp.js';
import type { NamedTensors } from '../nn/parameters.js';
import { spectralNorm } from '../nn/spectral_norm.js';
import { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import { besideObservations, hiddenForm, lastWidth, network, shapeOf, tableOf } from './networks.js';
import type { NetworkFunction } from './step.js';

/** A critic's hidden layers, the share of their units that a pass leaves out, and the choice to limit each layer's slope to 1. */
export interface DropoutLayers {
  features: readonly number[];
  dropout: number;
  spectralNorm: boolean;
}

/** The mean of several passes' values and their variance, as they are estimated for more: each [rows] or [rows, n]. */
export interface Moments {
  mean: tf.Tensor;
  variance: tf.Tensor;
}

/** The values of a critic with dropout, of actions [rows, actionDim] or, where it says so, of n in each row [rows, n, actionDim]. */
export interface DropoutValue {
  /** Values [rows] or [rows, n] with all units. */
  value(observations: tf.Tensor, actions: tf.Tensor): tf.Tensor;
  /** Values [rows] of one pass, in which numbers from −1 to 1, [rows, units], say what is left out of each row. */
  sample(observations: tf.Tensor, actions: tf.Tensor, uniforms: tf.Tensor): tf.Tensor;
  /**
   * The moments of `passes` passes, [rows] or [rows, n]. In each of them the same units are left out in all rows, as if it were one network of
   * many: so for each row the passes are what they would be with masks of its own, for a fraction of the random numbers. `uniforms` are
   * at least passes × units of them, from −1 to 1.
   */
  moments(observations: tf.Tensor, actions: tf.Tensor, uniforms: tf.Tensor, passes: number): Moments;
}

/** A change of the activations [rows, width] of a hidden layer. */
type Drop = (hidden: tf.Tensor, layer: number) => tf.Tensor;

/** A critic each of whose hidden layers has dropout after its ReLU (Gal and Ghahramani 2016, arXiv 1506.02142). */
export function dropoutValue(
  { observationDim, actionDim }: Sizes,
  layers: DropoutLayers,
): NetworkFunction<[], DropoutValue> {
  const { features, dropout } = layers;
  const hiddenLayers = { features, layerNorm: false };
  const shape = shapeOf(observationDim + actionDim, hiddenLayers);
  const table = tableOf(shape, hiddenLayers, 'value', lecunNormal(lastWidth(hiddenLayers), 1));

  /** 1/(1 − p) where a unit stays, which leaves the mean as it is, and 0 where it is left out. */
  const masks = (uniforms: tf.Tensor) =>
    tf.div(tf.cast(tf.greaterEqual(uniforms, 2 * dropout - 1), 'float32'), 1 - dropout);

  const limit = layers.spectralNorm ? ', limited slope' : '';
  // With all units it is a critic like any other.
  const form = { gives: 'action value', hidden: `${hiddenForm(hiddenLayers)}${limit}` };
  return network(table, form, (stored) => {
    const parameters = layers.spectralNorm ? limited(stored) : stored;
    const forward = (inputs: tf.Tensor, drop: Drop) => {
      let hidden = inputs;
      features.forEach((_, layer) => {
        hidden = drop(tf.relu(dense(parameters, `hidden${layer}`, hidden)), layer);
      });
      return tf.reshape(dense(parameters, 'value', hidden), [-1]);
    };
    return {
      value: (observations, actions) =>
        besideObservations(observations, actions, (inputs) => forward(inputs, (hidden) => hidden)),
      sample(observations, actions, uniforms) {
        const ofLayers = tf.split(masks(uniforms), [...features], 1);
        const inputs = tf.concat([observations, actions], 1);
        return forward(inputs, (hidden, layer) => tf.mul(hidden, ofLayers[layer]));
      },
      moments(observations, actions, uniforms, passes) {
        const needed = tf.slice(tf.reshape(uniforms, [-1]), 0, passes * unitsOf(layers));
        const ofLayers = tf.split(tf.reshape(masks(needed), [passes, -1]), [...features], 1);
        const ofPasses = (inputs: tf.Tensor) => {
          const drop: Drop = (hidden, layer) => {
            const width = features[layer];
            // One copy of the rows before the first mask, and one for each pass after it.
            const copies = tf.reshape(hidden, [-1, inputs.shape[0], width]);
            return tf.reshape(tf.mul(copies, tf.expandDims(ofLayers[layer], 1)), [-1, width]);
          };
          return tf.transpose(tf.reshape(forward(inputs, drop), [passes, -1]));
        };
        const values = besideObservations(observations, actions, ofPasses);
        const mean = tf.mean(values, -1);
        const deviations = tf.sub(values, tf.expandDims(mean, -1));
        return { mean, variance: tf.div(tf.sum(tf.square(deviations), -1), passes - 1) };
      },
    };
  });
}

/** The units that a pass can leave out. */
export function unitsOf({ features }: Pick<DropoutLayers, 'features'>): number {
  return features.reduce((sum, width) => sum + width, 0);
}

/** The parameters with kernels divided by their spectral norms. */
function limited(parameters: NamedTensors): NamedTensors {
  const changed = Object.entries(parameters).map(([name, tensor]) => [
    name,
    name.endsWith('/kernel') ? tf.div(tensor, spectralNorm(tensor)) : tensor,
  ]);
  return Object.fromEntries(changed);
}
