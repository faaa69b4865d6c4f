import { groupSize } from '../compile/local_arrays.js';
import { constant, lecunNormal, orthogonal, sideBySide } from '../nn/initialisers.js';
import { dense, type MlpShape, mlp, mlpParameters } from '../nn/mlp.js';
import type { Normal } from '../nn/normal.js';
import { packedLayout, unpackParameters } from '../nn/packing.js';
import type { NamedTensors, ParameterTable } from '../nn/parameters.js';
import { LOG_STD_MAX, tanhNormal } from '../nn/tanh_normal.js';
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
export function boundedGaussian(
  { observationDim, actionDim }: Sizes,
  { features, layerNorm }: HiddenLayers,
  logStdMin: number,
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
    const bounded = tf.minimum(tf.maximum(parameters['log_std'], logStdMin), LOG_STD_MAX);
    // Zeros by themselves would be a constant of the graph, with as many rows as it was traced with.
    return { mean, logStd: tf.add(tf.mul(mean, 0), bounded) };
  });
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
