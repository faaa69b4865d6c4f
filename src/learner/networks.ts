import { groupSize } from '../compile/local_arrays.js';
import { constant, lecunNormal, orthogonal, sideBySide, uniform } from '../nn/initialisers.js';
import { dense, type FreshLayer, type MlpShape, mlp, mlpParameters } from '../nn/mlp.js';
import type { Normal } from '../nn/normal.js';
import { packedLayout, unpackParameters } from '../nn/packing.js';
import type { NamedTensors, Parameter, ParameterTable } from '../nn/parameters.js';
import { LOG_STD_MAX, smoothlyBetween, tanhNormal } from '../nn/tanh_normal.js';
import { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import type { Deviation, NetworkForm, NetworkFunction } from './step.js';

/** Hidden layers of a network: their widths, and the choice to normalise each (Ba et al. 2016) before its ReLU, or after it. */
export interface HiddenLayers {
  features: readonly number[];
  layerNorm: boolean;
  normAfterRelu?: boolean;
  /** The function after each layer; ReLU if left out. */
  activation?: (values: tf.Tensor) => tf.Tensor;
  /** Fresh weights; each kind of network has its own unless given. */
  fresh?: FreshWeights;
}

/** Fresh weights of a network's linear layers: the hidden ones, and the last. */
export interface FreshWeights {
  hidden(inputs: number, outputs: number): FreshLayer;
  last(inputs: number, outputs: number): FreshLayer;
}

/**
 * Fresh weights by which a network says almost 0 of everything: those of the last layer between ±limit, biases of hidden
 * layers 0.1, their kernels between ±1/√inputs. The code of EDAC (An et al. 2021, arXiv 2110.01548) has them so.
 */
export function nearZero(limit: number): FreshWeights {
  return {
    hidden: (inputs, outputs) => ({
      kernel: uniform([inputs, outputs], 1 / Math.sqrt(inputs)),
      bias: constant([outputs], 0.1),
    }),
    last: (inputs, outputs) => ({
      kernel: uniform([inputs, outputs], limit),
      bias: uniform([outputs], limit),
    }),
  };
}

/** Observations [batch, observationDim] → a normal distribution of actions, before squashing or clipping. */
export type GaussianPolicy = NetworkFunction<[observations: tf.Tensor], Normal>;

/** Observations [batch, observationDim] → actions [batch, actionDim] in [−1, 1]. */
export type DeterministicPolicy = NetworkFunction<[observations: tf.Tensor], tf.Tensor>;

/** Observations and actions [batch, …] → values [batch]; n actions of each row [batch, n, actionDim] → values [batch, n]. */
export type ActionValue = NetworkFunction<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;

/** Observations and actions [batch, …] → other actions of the same shape, also for n of each row [batch, n, actionDim]. */
export type ActionChange = NetworkFunction<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;

/** Observations [batch, observationDim] → values [batch]. */
export type StateValue = NetworkFunction<[observations: tf.Tensor], tf.Tensor>;

/**
 * A normal distribution squashed by tanh (Haarnoja et al. 2018): hidden layers, then one linear head for mean and
 * log-std, each half drawn as an orthogonal kernel of scale 1. The log-std lies between `logStdMin` and 2.
 */
export function squashedGaussian(
  { observationDim, actionDim }: Sizes,
  layers: HiddenLayers,
  logStdMin: number,
): GaussianPolicy {
  const shape = shapeOf(observationDim, layers);
  const half = orthogonal(lastWidth(layers), actionDim, 1);
  const table = tableOf(shape, layers, 'head', sideBySide([half, half]));
  return network(table, policyForm(layers, 'head'), (parameters, observations: tf.Tensor) => {
    const head = dense(parameters, 'head', mlp(parameters, shape, observations));
    return tanhNormal(head, logStdMin);
  });
}

/**
 * A normal distribution around tanh(mean) with a free log-std of each action entry, and no correction for the squashing
 * (Kostrikov et al. 2021: IQL). The log-std is clipped to `logStdMin` and 2.
 */
export function boundedGaussian(sizes: Sizes, layers: HiddenLayers, logStdMin: number): GaussianPolicy {
  return freeGaussian(sizes, layers, 'clipped numbers', (free) =>
    tf.minimum(tf.maximum(free, logStdMin), LOG_STD_MAX),
  );
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
  return freeGaussian(sizes, layers, 'smooth numbers', (free) => smoothlyBetween(free, logStdMin, logStdMax));
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
  layers: HiddenLayers,
  deviation: Deviation,
  logStdOf: (free: tf.Tensor) => tf.Tensor,
): GaussianPolicy {
  const shape = shapeOf(observationDim, layers);
  const table = {
    ...tableOf(shape, layers, 'head', orthogonal(lastWidth(layers), actionDim, 1)),
    log_std: constant([actionDim], 0),
  };
  return network(table, policyForm(layers, deviation), (parameters, observations: tf.Tensor) => {
    const mean = tf.tanh(dense(parameters, 'head', mlp(parameters, shape, observations)));
    // Zeros by themselves would be a constant of the graph, with as many rows as it was traced with.
    return { mean, logStd: tf.add(tf.mul(mean, 0), logStdOf(parameters['log_std'])) };
  });
}

/** One action for each observation, tanh of a linear head (Lillicrap et al. 2016, arXiv 1509.02971: DDPG). */
export function deterministicAction(
  { observationDim, actionDim }: Sizes,
  layers: HiddenLayers,
): DeterministicPolicy {
  const shape = shapeOf(observationDim, layers);
  const table = tableOf(shape, layers, 'head', orthogonal(lastWidth(layers), actionDim, 1));
  return network(table, policyForm(layers, 'none'), (parameters, observations: tf.Tensor) =>
    tf.tanh(dense(parameters, 'head', mlp(parameters, shape, observations))),
  );
}

/**
 * Hidden layers on the observation and action side by side, then one linear unit. Several actions of a row are more rows
 * of the same matrix products.
 */
export function actionValue({ observationDim, actionDim }: Sizes, layers: HiddenLayers): ActionValue {
  const shape = shapeOf(observationDim + actionDim, layers);
  const form = { gives: 'action value', hidden: hiddenForm(layers) };
  return network(valueTable(shape, layers), form, (parameters, observations: tf.Tensor, actions: tf.Tensor) =>
    besideObservations(observations, actions, (inputs) => linearValue(parameters, shape, inputs)),
  );
}

/**
 * ξ(s, a) = clip(a + Φ·tanh(f(s, a)), ±1): an action moved by at most Φ in each entry, by hidden layers on the observation and the action
 * side by side, then a linear head (Fujimoto et al. 2019, arXiv 1812.02900: BCQ).
 */
export function perturbation(
  { observationDim, actionDim }: Sizes,
  layers: HiddenLayers,
  largest: number,
): ActionChange {
  const shape = shapeOf(observationDim + actionDim, layers);
  const table = tableOf(shape, layers, 'head', orthogonal(lastWidth(layers), actionDim, 1));
  const form = { gives: 'change of actions', hidden: hiddenForm(layers) };
  return network(table, form, (parameters, observations: tf.Tensor, actions: tf.Tensor) => {
    const change = besideObservations(observations, actions, (inputs) =>
      tf.tanh(dense(parameters, 'head', mlp(parameters, shape, inputs))),
    );
    return tf.clipByValue(tf.add(actions, tf.mul(change, largest)), -1, 1);
  });
}

/**
 * The results of `compute` for observations [batch, observationDim] and numbers beside them [batch, width]: [batch, …]. With n times the
 * numbers, [batch, n, width], it is [batch, n, …].
 */
export function besideObservations(
  observations: tf.Tensor,
  others: tf.Tensor,
  compute: (inputs: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (others.rank === 2) return compute(tf.concat([observations, others], 1));
  const [, count, width] = others.shape;
  const observationDim = observations.shape[1]!;
  const repeated = tf.tile(tf.reshape(observations, [-1, 1, observationDim]), [1, count, 1]);
  const outputs = compute(tf.reshape(tf.concat([repeated, others], 2), [-1, observationDim + width]));
  return tf.reshape(outputs, [-1, count, ...outputs.shape.slice(1)]);
}

/** Hidden layers on the observation, then one linear unit. */
export function stateValue({ observationDim }: Sizes, layers: HiddenLayers): StateValue {
  const shape = shapeOf(observationDim, layers);
  const form = { gives: 'state value', hidden: hiddenForm(layers) };
  return network(valueTable(shape, layers), form, (parameters, observations: tf.Tensor) =>
    linearValue(parameters, shape, observations),
  );
}

export function shapeOf(inputDim: number, layers: HiddenLayers): MlpShape {
  const { features, layerNorm: useLayerNorm, normAfterRelu = false, activation = tf.relu, fresh } = layers;
  return {
    inputDim,
    features,
    useLayerNorm,
    normAfterRelu,
    activation,
    fresh: fresh?.hidden ?? orthogonalLayer,
  };
}

/** An orthogonal kernel of scale √2, and biases of 0. */
function orthogonalLayer(inputs: number, outputs: number): FreshLayer {
  return { kernel: orthogonal(inputs, outputs, Math.SQRT2), bias: constant([outputs], 0) };
}

function valueTable(shape: MlpShape, layers: HiddenLayers): ParameterTable {
  return tableOf(shape, layers, 'value', lecunNormal(lastWidth(layers), 1));
}

/** The hidden layers and a last one, with this kernel and biases of 0 unless the layers say otherwise. */
export function tableOf(
  shape: MlpShape,
  layers: HiddenLayers,
  last: string,
  kernel: Parameter,
): ParameterTable {
  const [inputs, outputs] = kernel.shape;
  const layer = layers.fresh?.last(inputs, outputs) ?? { kernel, bias: constant([outputs], 0) };
  return { ...mlpParameters(shape), [`${last}/kernel`]: layer.kernel, [`${last}/bias`]: layer.bias };
}

function linearValue(parameters: NamedTensors, shape: MlpShape, x: tf.Tensor): tf.Tensor {
  return tf.reshape(dense(parameters, 'value', mlp(parameters, shape, x)), [-1]);
}

/** A network whose function takes its parameters by their own names, however they are stored. */
export function network<Inputs extends tf.Tensor[], Output>(
  table: ParameterTable,
  form: NetworkForm,
  compute: (parameters: NamedTensors, ...inputs: Inputs) => Output,
): NetworkFunction<Inputs, Output> {
  const layout = packedLayout(table);
  return {
    table,
    layout,
    size: groupSize(layout.shapes),
    form,
    apply: (stored, ...inputs) => compute(unpackParameters(stored, layout), ...inputs),
  };
}

function policyForm(layers: HiddenLayers, deviation: Deviation): NetworkForm {
  return { gives: 'policy', hidden: hiddenForm(layers), deviation };
}

/** The function of hidden layers in words, but for their widths. */
export function hiddenForm({
  layerNorm: isNormalised,
  normAfterRelu = false,
  activation = tf.relu,
}: HiddenLayers): string {
  const place = normAfterRelu ? 'layer norm behind each activation' : 'layer norm before each activation';
  const norm = isNormalised ? place : 'no layer norm';
  return activation === tf.relu ? norm : `${norm}, ${activation.name}`;
}

export function lastWidth({ features }: HiddenLayers): number {
  return features[features.length - 1];
}
