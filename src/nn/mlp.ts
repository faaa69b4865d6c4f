import { constant } from './initialisers.js';
import { layerNorm } from './layer_norm.js';
import type { NamedTensors, Parameter, ParameterTable } from './parameters.js';
import { tf } from './tensorflow.js';

/** A linear layer that is to be made: its kernel [inputs, outputs] and its bias [outputs]. */
export interface FreshLayer {
  kernel: Parameter;
  bias: Parameter;
}

/** The hidden layers of a network: Dense → (LayerNorm →) ReLU or another activation, once per entry of `features`. */
export interface MlpShape {
  inputDim: number;
  features: readonly number[];
  useLayerNorm: boolean;
  /** True for Dense → ReLU → LayerNorm. */
  normAfterRelu: boolean;
  activation(values: tf.Tensor): tf.Tensor;
  fresh(inputs: number, outputs: number): FreshLayer;
}

/** Parameters of the hidden layers. Layer norms start as identity. */
export function mlpParameters({ inputDim, features, useLayerNorm, fresh }: MlpShape): ParameterTable {
  const table: ParameterTable = {};
  let inputs = inputDim;
  features.forEach((outputs, layer) => {
    const { kernel, bias } = fresh(inputs, outputs);
    table[`hidden${layer}/kernel`] = kernel;
    table[`hidden${layer}/bias`] = bias;
    if (useLayerNorm) {
      table[`hidden${layer}/scale`] = constant([outputs], 1);
      table[`hidden${layer}/offset`] = constant([outputs], 0);
    }
    inputs = outputs;
  });
  return table;
}

/** x [batch, inputDim] → the last hidden layer's activations [batch, features.at(-1)]. */
export function mlp(parameters: NamedTensors, shape: MlpShape, x: tf.Tensor): tf.Tensor {
  let hidden = x;
  for (let layer = 0; layer < shape.features.length; layer++) {
    const name = `hidden${layer}`;
    const norm = (values: tf.Tensor) =>
      shape.useLayerNorm
        ? layerNorm(values, parameters[`${name}/scale`], parameters[`${name}/offset`])
        : values;
    const linear = dense(parameters, name, hidden);
    hidden = shape.normAfterRelu ? norm(shape.activation(linear)) : shape.activation(norm(linear));
  }
  return hidden;
}

/** x·σ(x) (Ramachandran et al. 2017, arXiv 1710.05941): a smooth ReLU. */
export function swish(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

/** x [batch, inputs] → x · kernel + bias [batch, outputs], with the parameters `name/kernel` and `name/bias`. */
export function dense(parameters: NamedTensors, name: string, x: tf.Tensor): tf.Tensor {
  return tf.add(
    tf.matMul(x as tf.Tensor2D, parameters[`${name}/kernel`] as tf.Tensor2D),
    parameters[`${name}/bias`],
  );
}
