import { tf } from '../../../../src/nn/tensorflow.js';
import { apart, describeOperations, type Operation, standard } from '../operations.js';

const cube = (compute: (x: tf.Tensor) => tf.Tensor, draw = standard): Operation => ({
  inputs: { x: [2, 3, 4] },
  compute: ({ x }) => compute(x),
  draw,
  edges: [0, 1, 1, -2, 0.5],
});

describeOperations('a reduction', {
  'sum of everything': cube((x) => tf.sum(x)),
  'sum over the first axis': cube((x) => tf.sum(x, 0)),
  'sum over two axes': cube((x) => tf.sum(x, [0, 2], true)),
  'sum of booleans': cube((x) => tf.cast(tf.sum(tf.greater(x, 0), 1), 'float32'), apart),
  'mean over the last axis': cube((x) => tf.mean(x, -1)),
  'mean of integers': {
    ...cube((x) => tf.mean(tf.cast(tf.mul(x, 9), 'int32'), 1)),
    notTheSlope: 'TensorFlow.js passes it through a cast',
  },
  'mean of everything': cube((x) => tf.mean(x)),
  // All that are equal to the largest get the whole gradient, as in eager TensorFlow.js.
  'max over an axis': cube((x) => tf.max(x, 1), apart),
  'max of everything': cube((x) => tf.max(x), apart),
  'min over two axes': cube((x) => tf.min(x, [1, 2]), apart),
  'prod over an axis': cube((x) => tf.prod(x, 2)),
  'prod over two axes': cube((x) => tf.prod(x, [1, 2])),
  'norm over an axis': { ...cube((x) => tf.norm(x, 'euclidean', 2)), edges: [3, 4, 1, -2, 0.5] },
  all: { ...cube((x) => tf.cast(tf.all(tf.greater(x, 0), 2), 'float32'), apart), gradients: [] },
  any: { ...cube((x) => tf.cast(tf.any(tf.greater(x, 0), [0, 1]), 'float32'), apart), gradients: [] },
  'variance of all': cube((x) => tf.moments(x).variance),
});
