import { tf } from '../../../../src/nn/tensorflow.js';
import { apart, describeOperations, type Operation } from '../operations.js';

const EDGES = [0, 1, -1, 1e4, -1e4, 1e-6];

/** The result as a factor, so that there is a gradient. */
function comparison(compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation {
  return {
    inputs: { a: [6, 6], b: [6, 6] },
    compute: ({ a, b }) => tf.mul(tf.cast(compute(a, b), 'float32'), tf.add(a, b)),
    draw: apart,
    edges: EDGES,
  };
}

const step = (compute: (x: tf.Tensor) => tf.Tensor): Operation => ({
  inputs: { x: [3, 4] },
  compute: ({ x }) => tf.mul(compute(x), x),
  draw: apart,
  edges: [0, 1e-30, -1e-30, 1, -1, 1e30, -1e30],
});

describeOperations('a comparison', {
  equal: comparison((a, b) => tf.equal(a, b)),
  notEqual: comparison((a, b) => tf.notEqual(a, b)),
  greater: comparison((a, b) => tf.greater(a, b)),
  greaterEqual: comparison((a, b) => tf.greaterEqual(a, b)),
  less: comparison((a, b) => tf.less(a, b)),
  lessEqual: comparison((a, b) => tf.lessEqual(a, b)),
  logicalAnd: comparison((a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0))),
  logicalOr: comparison((a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 0))),
  logicalNot: comparison((a, b) => tf.logicalNot(tf.greater(a, b))),
  'equality of integers': comparison((a, b) => tf.equal(tf.cast(a, 'int32'), tf.cast(b, 'int32'))),
  'comparison with a row': {
    inputs: { x: [4, 3], row: [3] },
    compute: ({ x, row }) => tf.cast(tf.greaterEqual(x, row), 'float32'),
    draw: apart,
  },
});

describeOperations('a step', {
  step: step((x) => tf.step(x)),
  'step from −1': step((x) => tf.step(x, -1)),
  sign: step(tf.sign),
});
