import { constant, orthogonal } from './initialisers.js';
import { layerNorm } from './layer_norm.js';
import type { NamedTensors, ParameterTable } from './parameters.js';
import { tf } from './tensorflow.js';

/** The hidden layers of a network: Dense → (LayerNorm →) ReLU, once per entry of `features`. */
export interface MlpShape {
  inputDim: number;
  features: readonly number[];
  useLayerNorm: boolean;
}

/** Parameters of the hidden layers: orthogonal kernels of scale √2, zero biases, layer norms that start as identity. */
export function mlpParameters({ inputDim, features, useLayerNorm }: MlpShape): ParameterTable {
  const table: ParameterTable = {};
  let inputs = inputDim;
  features.forEach((outputs, layer) => {
    table[`hidden${layer}/kernel`] = orthogonal(inputs, outputs, Math.SQRT2);
    table[`hidden${layer}/bias`] = constant([outputs], 0);
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
    const linear = dense(parameters, name, hidden);
    const normalised = shape.useLayerNorm
      ? layerNorm(linear, parameters[`${name}/scale`], parameters[`${name}/offset`])
      : linear;
    hidden = tf.relu(normalised);
  }
  return hidden;
}

/** x [batch, inputs] → x · kernel + bias [batch, outputs], with the parameters `name/kernel` and `name/bias`. */
export function dense(parameters: NamedTensors, name: string, x: tf.Tensor): tf.Tensor {
  return tf.add(
    tf.matMul(x as tf.Tensor2D, parameters[`${name}/kernel`] as tf.Tensor2D),
    parameters[`${name}/bias`],
  );
}
