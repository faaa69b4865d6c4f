import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { tf } from '../../../src/nn/tensorflow.js';

const gradient = (compute: (x: tf.Tensor) => tf.Tensor, values: number[], shape: number[]) => [
  ...tf
    .grad((x: tf.Tensor) => tf.sum(compute(x)))(tf.tensor(values, shape))
    .dataSync(),
];

describe('eager gradients that TensorFlow.js lacks or has wrong', () => {
  beforeAll(() => startBackend('cpu'));

  it.each([
    ['greater', (x: tf.Tensor) => tf.greater(x, 1)],
    ['less', (x: tf.Tensor) => tf.logicalNot(tf.lessEqual(x, 1))],
    ['two comparisons', (x: tf.Tensor) => tf.logicalAnd(tf.greater(x, 1), tf.notEqual(x, 7))],
  ])('of a choice by %s', (_, condition) => {
    expect(gradient((x) => tf.where(condition(x), tf.mul(x, 5), x), [0, 1, 2], [3])).toEqual([1, 1, 5]);
  });

  it('of a running sum along the first axis', () => {
    const weights = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect(gradient((x) => tf.mul(tf.cumsum(x, 0), weights), [0, 0, 0, 0], [2, 2])).toEqual([4, 6, 3, 4]);
  });

  it('of a maximum with one number', () => {
    expect(gradient((x) => tf.maximum(tf.tensor1d([1, 2, 3]), x), [2.5], [])).toEqual([2]);
    expect(gradient((x) => tf.minimum(tf.ones([4, 3]), x), [0, 2, 0.5], [3])).toEqual([4, 0, 4]);
  });

  it('of repeated rows of any rank', () => {
    expect(gradient((x) => tf.tile(x, [3, 1, 1, 1, 2]), [1, 2], [1, 2, 1, 1, 1])).toEqual([6, 6]);
  });

  it('of what is found by its own index', () => {
    expect(gradient((x) => tf.gather(x, tf.argMax(x, 0)), [1, 3, 2], [3])).toEqual([0, 1, 0]);
  });
});
