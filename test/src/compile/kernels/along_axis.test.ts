import { tf } from '../../../../src/nn/tensorflow.js';
import { apart, describeOperations, type Operation, standard } from '../operations.js';

const table = (compute: (x: tf.Tensor) => tf.Tensor, draw = standard): Operation => ({
  inputs: { x: [3, 4] },
  compute: ({ x }) => compute(x),
  draw,
  edges: [0, 1, 1, -2, 0.5],
});

const index = (compute: (x: tf.Tensor) => tf.Tensor): Operation => ({
  ...table((x) => tf.cast(compute(x), 'float32'), apart),
});

describeOperations('along an axis', {
  softmax: { ...table((x) => tf.softmax(x)), edges: [0, 1e3, -1e3, 1e3, 5] },
  logSoftmax: { ...table((x) => tf.logSoftmax(x)), edges: [0, 1e3, -1e3, 1e3, 5], floor: 0.1 },
  argMax: index((x) => tf.argMax(x, 1)),
  argMin: index((x) => tf.argMin(x, 0)),
  'cumsum along the last axis': table((x) => tf.cumsum(x, 1)),
  'cumsum along the first axis': table((x) => tf.cumsum(x, 0)),
  'cumsum of a square along the first axis': {
    inputs: { x: [3, 3] },
    compute: ({ x }) => tf.cumsum(x, 0),
  },
  'exclusive cumsum from the end': table((x) => tf.cumsum(x, 1, true, true)),
  cumprod: { ...table((x) => tf.cumprod(x, 1)), gradients: [] },
  'exclusive cumprod from the end': { ...table((x) => tf.cumprod(x, 0, true, true)), gradients: [] },
});
