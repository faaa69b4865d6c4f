import { beforeAll, describe, expect, it } from 'vitest';
import { shareOfSimilarity, slopeSimilarity, unitSlope } from '../../../../src/algorithms/parts/diversity.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

function expectClose(actual: tf.Tensor, wanted: readonly number[]): void {
  const values = [...actual.dataSync()];
  expect(values.length).toBe(wanted.length);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 5);
  });
}

describe('the slope of a critic', () => {
  it('has length 1, however steep the critic is, and stays 0 where it is flat', () => {
    const actions = tf.tensor2d([
      [1, 2],
      [-3, 4],
      [0, 0],
    ]);
    // Q = 50·|a|², of which the slope is 100·a.
    const slope = unitSlope(actions, (a) => tf.mul(tf.sum(tf.square(a), 1), 50));
    expectClose(slope, [1 / Math.sqrt(5), 2 / Math.sqrt(5), -0.6, 0.8, 0, 0]);
  });

  it('is differentiated by the weights', () => {
    // Q = w·a₀² + a₁ has the slope (2w, 1) in a₀ = 1, and Q = 0 none.
    const actions = tf.tensor2d([[1, 5]]);
    const first = (w: tf.Tensor) => {
      const weights = tf.concat([w, tf.ones([1])]);
      const terms = (a: tf.Tensor) =>
        tf.concat([tf.square(tf.slice(a, [0, 0], [1, 1])), tf.slice(a, [0, 1], [1, 1])], 1);
      return tf.sum(
        tf.slice(
          unitSlope(actions, (a) => tf.sum(tf.mul(terms(a), weights), 1)),
          [0, 0],
          [1, 1],
        ),
      );
    };
    // d(2w / √(4w² + 1))/dw = 2 / (4w² + 1)^1.5
    expectClose(tf.grad(first)(tf.tensor1d([1])), [2 / 5 ** 1.5]);
    const flat = (w: tf.Tensor) =>
      tf.sum(unitSlope(actions, (a) => tf.sum(tf.mul(tf.relu(tf.sub(a, 9)), w), 1)));
    expectClose(tf.grad(flat)(tf.tensor1d([1])), [0]);
  });
});

describe('the similarity of slopes', () => {
  const row = (...numbers: number[]) => tf.tensor2d([numbers]);

  it('is their number if they are the same, 0 at right angles, and negative if they are opposed', () => {
    expectClose(slopeSimilarity([row(0.6, 0.8), row(0.6, 0.8), row(0.6, 0.8)]), [3]);
    expectClose(slopeSimilarity([row(1, 0, 0), row(0, 1, 0), row(0, 0, 1)]), [0]);
    expectClose(slopeSimilarity([row(0.6, 0.8), row(-0.6, -0.8)]), [-2]);
  });

  it('has, member by member, the gradient of its shares', () => {
    const slopes = [row(0.6, 0.8), row(1, 0), row(-0.8, 0.6), row(0, -1)];
    const whole = tf.grads((...all: tf.Tensor[]) => tf.sum(slopeSimilarity(all)))(slopes);
    slopes.forEach((slope, k) => {
      const others = tf.addN(slopes.filter((_, i) => i !== k));
      const share = tf.grad((own: tf.Tensor) => tf.sum(shareOfSimilarity(own, others, slopes.length)))(slope);
      expectClose(share, [...whole[k].dataSync()]);
    });
  });
});
