import { groupSize } from '../../compile/local_arrays.js';
import { constant, lecunNormal, orthogonal, sideBySide } from '../../nn/initialisers.js';
import { dense, type MlpShape, mlp, mlpParameters } from '../../nn/mlp.js';
import { type PackedLayout, packedLayout, unpackParameters } from '../../nn/packing.js';
import type { NamedTensors, ParameterTable } from '../../nn/parameters.js';
import { type TanhNormal, tanhNormal } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import type { RlpdOptions } from './options.js';

/** A network: what it is made of, how that is stored, and what it computes from the stored parameters. */
export interface Network<Inputs extends tf.Tensor[], Output> {
  table: ParameterTable;
  layout: PackedLayout;
  /** The number of all its parameters. */
  size: number;
  apply(stored: NamedTensors, ...inputs: Inputs): Output;
}

/** Observations [batch, observationDim] → a distribution over actions. */
export type Actor = Network<[observations: tf.Tensor], TanhNormal>;

/** Observations and actions [batch, …] → values [batch]. */
export type Critic = Network<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;

/** Hidden layers, then one linear head for mean and log-std, each half drawn as an orthogonal kernel of scale 1. */
export function makeActor(options: RlpdOptions): Actor {
  const { observationDim, actionDim, actorFeatures } = options;
  const shape: MlpShape = {
    inputDim: observationDim,
    features: actorFeatures,
    useLayerNorm: options.actorLayerNorm,
  };
  const half = orthogonal(lastWidth(actorFeatures), actionDim, 1);
  const table = {
    ...mlpParameters(shape),
    'head/kernel': sideBySide([half, half]),
    'head/bias': constant([2 * actionDim], 0),
  };
  const layout = packedLayout(table);
  const apply = (stored: NamedTensors, observations: tf.Tensor) => {
    const parameters = unpackParameters(stored, layout);
    const head = dense(parameters, 'head', mlp(parameters, shape, observations));
    return tanhNormal(head, options.logStdMin);
  };
  return { table, layout, size: groupSize(layout.shapes), apply };
}

/** Hidden layers on the observation and action side by side, then one linear unit. */
export function makeCritic(options: RlpdOptions): Critic {
  const { observationDim, actionDim, criticFeatures } = options;
  const shape: MlpShape = {
    inputDim: observationDim + actionDim,
    features: criticFeatures,
    useLayerNorm: options.criticLayerNorm,
  };
  const table = {
    ...mlpParameters(shape),
    'value/kernel': lecunNormal(lastWidth(criticFeatures), 1),
    'value/bias': constant([1], 0),
  };
  const layout = packedLayout(table);
  const apply = (stored: NamedTensors, observations: tf.Tensor, actions: tf.Tensor) => {
    const parameters = unpackParameters(stored, layout);
    const hidden = mlp(parameters, shape, tf.concat([observations, actions], 1));
    return tf.reshape(dense(parameters, 'value', hidden), [-1]);
  };
  return { table, layout, size: groupSize(layout.shapes), apply };
}

function lastWidth(features: readonly number[]): number {
  return features[features.length - 1];
}
