import { tf } from '../../../../src/nn/tensorflow.js';
import { describeOperations, type Operation } from '../operations.js';

/** Squared, so that gradients depend on the input. */
const cube = (compute: (x: tf.Tensor) => tf.Tensor): Operation => ({
  inputs: { x: [2, 3, 4] },
  compute: ({ x }) => compute(tf.square(x)),
});

describeOperations('a layout', {
  reshape: cube((x) => tf.reshape(x, [6, -1])),
  expandDims: cube((x) => tf.expandDims(x, 1)),
  'expandDims at the end': cube((x) => tf.expandDims(x, -1)),
  squeeze: cube((x) => tf.squeeze(tf.slice(x, [1, 0, 0], [1, 3, 4]))),
  transpose: cube((x) => tf.transpose(x)),
  'transpose by a permutation': cube((x) => tf.transpose(x, [1, 0, 2])),
  tile: cube((x) => tf.tile(x, [3, 1, 2])),
  'tile of a row': { inputs: { row: [1, 3] }, compute: ({ row }) => tf.tile(tf.square(row), [4, 1]) },
  'tile of a repeated row': {
    inputs: { row: [1, 3] },
    compute: ({ row }) => tf.tile(tf.tile(tf.square(row), [2, 1]), [2, 2]),
  },
  broadcastTo: {
    inputs: { column: [3, 1], number: [] },
    compute: ({ column, number }) =>
      tf.mul(tf.broadcastTo(tf.square(column), [2, 3, 4]), tf.broadcastTo(number, [4])),
  },
  'concat of a repeated column': {
    inputs: { column: [3, 1], x: [3, 2] },
    compute: ({ column, x }) => tf.concat([tf.tile(tf.square(column), [1, 2]), x], 1),
  },
  pad: cube((x) =>
    tf.pad(
      x,
      [
        [0, 1],
        [2, 0],
        [0, 0],
      ],
      0.5,
    ),
  ),
  concat: cube((x) => tf.concat([x, tf.ones([2, 3, 1]), x], -1)),
  'stack at the front': cube((x) => tf.stack([x, tf.ones([2, 3, 4]), tf.exp(x)])),
  'stack at the end': cube((x) => tf.stack([x, tf.zerosLike(x)], 3)),
  'range and its integers': {
    inputs: { x: [4] },
    compute: ({ x }) =>
      tf.add(tf.mul(x, tf.range(0, 1, 0.25)), tf.cast(tf.range(7, -1, -2, 'int32'), 'float32')),
  },
});
