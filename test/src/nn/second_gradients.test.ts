import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { tf } from '../../../src/nn/tensorflow.js';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Functions and their second derivatives. */
const FUNCTIONS: Record<string, [(x: tf.Tensor) => tf.Tensor, (x: number) => number]> = {
  exp: [tf.exp, Math.exp],
  tanh: [tf.tanh, (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
  sigmoid: [tf.sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x)) * (1 - 2 * sigmoid(x))],
  elu: [tf.elu, (x) => (x < 0 ? Math.exp(x) : 0)],
  'pow 3': [(x) => tf.pow(x, 3), (x) => 6 * x],
  'max of squares': [(x) => tf.max(tf.stack([tf.square(x), tf.mul(x, -9)]), 0), (x) => (x < 0 ? 0 : 2)],
  'min of squares': [(x) => tf.min(tf.stack([tf.square(x), tf.mul(x, -9)]), 0), (x) => (x < 0 ? 2 : 0)],
  'softmax of x and 0': [
    (x) => tf.slice(tf.softmax(tf.stack([x, tf.zerosLike(x)], 1)), [0, 0], [3, 1]),
    (x) => sigmoid(x) * (1 - sigmoid(x)) * (1 - 2 * sigmoid(x)),
  ],
};

describe('the gradient of a gradient', () => {
  beforeAll(() => startBackend('cpu'));

  it.each(Object.entries(FUNCTIONS))('%s', (_, [compute, second]) => {
    const points = [-1.25, 0.5, 2];
    const slope = (x: tf.Tensor) => tf.grad((inner: tf.Tensor) => tf.sum(compute(inner)))(x);
    const values = tf
      .grad((x: tf.Tensor) => tf.sum(slope(x)))(tf.tensor1d(points))
      .dataSync();
    points.forEach((point, i) => {
      expect(values[i]).toBeCloseTo(second(point), 4);
    });
  });
});
