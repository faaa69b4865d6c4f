import { adam } from '../../nn/adam.js';
import type { NamedShapes, NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';

/**
 * What an optimiser changes, as a stage's inputs and outputs: the parameters `group` and its own moments
 * `optimiserFirst` and `optimiserSecond`, each as one flat array of this size.
 */
export function optimisedShapes(group: string, optimiser: string, size: number): NamedShapes {
  return { [group]: [size], [`${optimiser}First`]: [size], [`${optimiser}Second`]: [size] };
}

/** One Adam step of `group`: all that it changes as a stage's outputs, and the sum of the gradient's squares. */
export function optimise(
  tensors: NamedTensors,
  group: string,
  optimiser: string,
  gradient: tf.Tensor,
): { outputs: NamedTensors; squaredNorm: tf.Tensor } {
  const [first, second] = [`${optimiser}First`, `${optimiser}Second`];
  const state = {
    parameters: tensors[group],
    firstMoments: tensors[first],
    secondMoments: tensors[second],
  };
  const next = adam(state, gradient, tensors[`${optimiser}StepSize`], tensors[`${optimiser}Epsilon`]);
  return {
    outputs: { [group]: next.parameters, [first]: next.firstMoments, [second]: next.secondMoments },
    squaredNorm: tf.sum(tf.square(gradient)),
  };
}
