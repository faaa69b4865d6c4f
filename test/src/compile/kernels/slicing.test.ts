import { tf } from '../../../../src/nn/tensorflow.js';
import { describeOperations, type Operation } from '../operations.js';

/** Squared, so that gradients depend on the input. */
const cube = (compute: (x: tf.Tensor) => tf.Tensor): Operation => ({
  inputs: { x: [2, 3, 4] },
  compute: ({ x }) => compute(tf.square(x)),
});

/** TensorFlow.js has no gradient of it. */
const strided = (compute: (x: tf.Tensor) => tf.Tensor): Operation => ({ ...cube(compute), gradients: [] });

describeOperations('a part', {
  slice: cube((x) => tf.slice(x, [0, 1, 1], [2, -1, 2])),
  'slice of a repeated number': {
    inputs: { number: [] },
    compute: ({ number }) => tf.slice(tf.broadcastTo(tf.square(number), [4, 3]), [1, 0], [2, 2]),
  },
  split: cube((x) => {
    const [left, middle, right] = tf.split(x, [1, 1, 2], 2);
    return tf.add(tf.mul(left, middle), right);
  }),
  'split into equal parts': cube((x) => tf.mul(...(tf.split(x, 2, 2) as [tf.Tensor, tf.Tensor]))),
  unstack: cube((x) => {
    const [first, second, third] = tf.unstack(x, 1);
    return tf.add(tf.mul(first, second), third);
  }),
  'unstack along the last axis': cube((x) => tf.unstack(x, -1)[1]),
  reverse: cube((x) => tf.reverse(x, [0, 2])),
  'every second': strided((x) => tf.stridedSlice(x, [0, 0, 1], [2, 3, 4], [1, 2, 2])),
  'backwards to the first': strided((x) => tf.stridedSlice(x, [1, 2, 3], [-3, -4, -5], [-1, -1, -2])),
  'the last of an axis': strided((x) => tf.stridedSlice(x, [0, -1], [2, 0], [1, 1], 0, 0, 0, 0, 2)),
  'everything and a new axis': strided((x) =>
    tf.stridedSlice(x, [0, 0, 0], [0, 0, 0], [1, 1, 1], 5, 5, 0, 2),
  ),
});
