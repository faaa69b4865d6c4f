import { tf } from '../../../../src/nn/tensorflow.js';
import { apart, describeOperations, positive, standard } from '../operations.js';

const NEAR_ZERO = [0, 1e-7, -1e-7, 1e-4, -1e-4, 0.1, -0.1, 0.9, -0.9, 5, 20, 1e-30];

describeOperations('a formula', {
  squaredDifference: {
    inputs: { a: [6, 6], b: [6, 6] },
    compute: ({ a, b }) => tf.squaredDifference(a, b),
    edges: [0, 1, -1, 1e4, -1e4, 1e-6],
  },
  'squaredDifference of broadcast numbers': {
    inputs: { a: [4, 3], b: [4, 1] },
    compute: ({ a, b }) => tf.squaredDifference(a, b),
  },
  floorDiv: {
    inputs: { a: [5, 5], b: [5, 5] },
    compute: ({ a, b }) => tf.floorDiv(a, b),
    draw: positive,
    edges: [1, -1, 2, -3, 7],
    notTheSlope: 'TensorFlow.js takes that of a / b',
  },
  'floorDiv of integers': {
    inputs: { a: [5, 5], b: [5, 5] },
    compute: ({ a, b }) => tf.cast(tf.floorDiv(tf.cast(a, 'int32'), tf.cast(b, 'int32')), 'float32'),
    draw: (count) => Array.from({ length: count }, (_, i) => (i % 9) + 1),
    edges: [1, -1, 2, -3, 7],
    gradients: [],
  },
  relu6: {
    inputs: { x: [3, 4] },
    compute: ({ x }) => tf.relu6(tf.mul(x, 3)),
    draw: apart,
    edges: [0, 2, 7, -1],
  },
  expm1: {
    inputs: { x: [3, 4] },
    compute: ({ x }) => tf.expm1(x),
    draw: standard,
    edges: NEAR_ZERO,
    floor: 1e-30,
  },
  log1p: {
    inputs: { x: [3, 4] },
    compute: ({ x }) => tf.log1p(x),
    draw: positive,
    edges: NEAR_ZERO,
    floor: 1e-30,
  },
});
