import { groupSize } from '../compile/local_arrays.js';
import { constant, lecunNormal, orthogonal, sideBySide } from '../nn/initialisers.js';
import { dense, type MlpShape, mlp, mlpParameters } from '../nn/mlp.js';
import type { Normal } from '../nn/normal.js';
import { packedLayout, unpackParameters } from '../nn/packing.js';
import type { NamedTensors, ParameterTable } from '../nn/parameters.js';
import { LOG_STD_MAX, smoothlyBetween, tanhNormal } from '../nn/tanh_normal.js';
import { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import type { NetworkFunction } from './step.js';

/** Hidden layers of a network: their widths, and the choice to normalise each (Ba et al. 2016) before its ReLU. */
export interface HiddenLayers {
  features: readonly number[];
  layerNorm: boolean;
}

/** Observations [batch, observationDim] → a normal distribution of actions, before squashing or clipping. */
export type GaussianPolicy = NetworkFunction<[observations: tf.Tensor], Normal>;

/** Observations [batch, observationDim] → actions [batch, actionDim] in [−1, 1]. */
export type DeterministicPolicy = NetworkFunction<[observations: tf.Tensor], tf.Tensor>;

/** Observations and actions [batch, …] → values [batch]; n actions of each row [batch, n, actionDim] → values [batch, n]. */
export type ActionValue = NetworkFunction<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;

/** Observations [batch, observationDim] → values [batch]. */
export type StateValue = NetworkFunction<[observations: tf.Tensor], tf.Tensor>;

/**
 * A normal distribution squashed by tanh (Haarnoja et al. 2018): hidden layers, then one linear head for mean and
 * log-std, each half drawn as an orthogonal kernel of scale 1. The log-std lies between `logStdMin` and 2.
 */
export function squashedGaussian(
  { observationDim, actionDim }: Sizes,
  { features, layerNorm }: HiddenLayers,
  logStdMin: number,
): GaussianPolicy {
  const shape: MlpShape = { inputDim: observationDim, features, useLayerNorm: layerNorm };
  const half = orthogonal(lastWidth(features), actionDim, 1);
  const table = {
    ...mlpParameters(shape),
    'head/kernel': sideBySide([half, half]),
    'head/bias': constant([2 * actionDim], 0),
  };
  return network(table, (parameters, observations: tf.Tensor) => {
    const head = dense(parameters, 'head', mlp(parameters, shape, observations));
    return tanhNormal(head, logStdMin);
  });
}

/**
 * A normal distribution around tanh(mean) with a free log-std of each action entry, and no correction for the squashing
 * (Kostrikov et al. 2021: IQL). The log-std is clipped to `logStdMin` and 2.
 */
export function boundedGaussian(sizes: Sizes, layers: HiddenLayers, logStdMin: number): GaussianPolicy {
  return freeGaussian(sizes, layers, (free) => tf.minimum(tf.maximum(free, logStdMin), LOG_STD_MAX));
}

/**
 * A normal distribution as of `boundedGaussian`, whose log-std is squashed smoothly between `logStdMin` and `logStdMax`, in the
 * middle at first (AWAC's authors' code). Where the upper limit may be reached, clipping would end the learning there.
 */
export function smoothGaussian(
  sizes: Sizes,
  layers: HiddenLayers,
  logStdMin: number,
  logStdMax: number,
): GaussianPolicy {
  return freeGaussian(sizes, layers, (free) => smoothlyBetween(free, logStdMin, logStdMax));
}

/** A normal distribution around tanh(mean), whose mean and log-std are those of `squashedGaussian`; so both follow the observation. */
export function boundedMeanGaussian(sizes: Sizes, layers: HiddenLayers, logStdMin: number): GaussianPolicy {
  const squashed = squashedGaussian(sizes, layers, logStdMin);
  return {
    ...squashed,
    apply(stored, observations) {
      const { mean, logStd } = squashed.apply(stored, observations);
      return { mean: tf.tanh(mean), logStd };
    },
  };
}

/** A normal distribution around tanh(mean), with a log-std that follows from free numbers [actionDim], 0 at first. */
function freeGaussian(
  { observationDim, actionDim }: Sizes,
  { features, layerNorm }: HiddenLayers,
  logStdOf: (free: tf.Tensor) => tf.Tensor,
): GaussianPolicy {
  const shape: MlpShape = { inputDim: observationDim, features, useLayerNorm: layerNorm };
  const table = {
    ...mlpParameters(shape),
    'head/kernel': orthogonal(lastWidth(features), actionDim, 1),
    'head/bias': constant([actionDim], 0),
    log_std: constant([actionDim], 0),
  };
  return network(table, (parameters, observations: tf.Tensor) => {
    const mean = tf.tanh(dense(parameters, 'head', mlp(parameters, shape, observations)));
    // Zeros by themselves would be a constant of the graph, with as many rows as it was traced with.
    return { mean, logStd: tf.add(tf.mul(mean, 0), logStdOf(parameters['log_std'])) };
  });
}

/** One action for each observation, tanh of a linear head (Lillicrap et al. 2016, arXiv 1509.02971: DDPG). */
export function deterministicAction(
  { observationDim, actionDim }: Sizes,
  { features, layerNorm }: HiddenLayers,
): DeterministicPolicy {
  const shape: MlpShape = { inputDim: observationDim, features, useLayerNorm: layerNorm };
  const table = {
    ...mlpParameters(shape),
    'head/kernel': orthogonal(lastWidth(features), actionDim, 1),
    'head/bias': constant([actionDim], 0),
  };
  return network(table, (parameters, observations: tf.Tensor) =>
    tf.tanh(dense(parameters, 'head', mlp(parameters, shape, observations))),
  );
}

/**
 * Hidden layers on the observation and action side by side, then one linear unit. Several actions of a row are more rows
 * of the same matrix products.
 */
export function actionValue(
  { observationDim, actionDim }: Sizes,
  { features, layerNorm }: HiddenLayers,
): ActionValue {
  const shape: MlpShape = { inputDim: observationDim + actionDim, features, useLayerNorm: layerNorm };
  return network(valueTable(shape), (parameters, observations: tf.Tensor, actions: tf.Tensor) => {
    if (actions.rank === 2) return linearValue(parameters, shape, tf.concat([observations, actions], 1));
    const [rows, count] = actions.shape;
    const repeated = tf.tile(tf.expandDims(observations, 1), [1, count, 1]);
    const inputs = tf.reshape(tf.concat([repeated, actions], 2), [rows * count, shape.inputDim]);
    return tf.reshape(linearValue(parameters, shape, inputs), [rows, count]);
  });
}

/** Hidden layers on the observation, then one linear unit. */
export function stateValue({ observationDim }: Sizes, { features, layerNorm }: HiddenLayers): StateValue {
  const shape: MlpShape = { inputDim: observationDim, features, useLayerNorm: layerNorm };
  return network(valueTable(shape), (parameters, observations: tf.Tensor) =>
    linearValue(parameters, shape, observations),
  );
}

function valueTable(shape: MlpShape): ParameterTable {
  return {
    ...mlpParameters(shape),
    'value/kernel': lecunNormal(lastWidth(shape.features), 1),
    'value/bias': constant([1], 0),
  };
}

function linearValue(parameters: NamedTensors, shape: MlpShape, x: tf.Tensor): tf.Tensor {
  return tf.reshape(dense(parameters, 'value', mlp(parameters, shape, x)), [-1]);
}

/** A network whose function takes its parameters by their own names, however they are stored. */
function network<Inputs extends tf.Tensor[], Output>(
  table: ParameterTable,
  compute: (parameters: NamedTensors, ...inputs: Inputs) => Output,
): NetworkFunction<Inputs, Output> {
  const layout = packedLayout(table);
  return {
    table,
    layout,
    size: groupSize(layout.shapes),
    apply: (stored, ...inputs) => compute(unpackParameters(stored, layout), ...inputs),
  };
}

function lastWidth(features: readonly number[]): number {
  return features[features.length - 1];
}
