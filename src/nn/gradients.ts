import type { NamedTensors } from './parameters.js';
import { tf } from './tensorflow.js';

/** A scalar loss, and other tensors of the forward pass that are worth keeping. */
export interface LossAndExtras {
  loss: tf.Tensor;
  extras: NamedTensors;
}

/** The loss, its gradient with respect to every parameter, and the extras, from one forward pass. */
export function lossAndGradients(
  parameters: NamedTensors,
  lossFunction: (parameters: NamedTensors) => LossAndExtras,
): LossAndExtras & { gradients: NamedTensors } {
  const names = Object.keys(parameters);
  let kept: NamedTensors = {};
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const { loss, extras } = lossFunction(Object.fromEntries(names.map((name, i) => [name, tensors[i]])));
    // Everything that the loss function does not return is freed when it ends.
    kept = mapTensors(extras, (extra) => tf.keep(extra));
    return loss as tf.Scalar;
  })(names.map((name) => parameters[name]));
  const extras = mapTensors(kept, (extra) => extra.clone());
  tf.dispose(kept);
  return { loss: value, extras, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
}

function mapTensors(tensors: NamedTensors, change: (tensor: tf.Tensor) => tf.Tensor): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}
