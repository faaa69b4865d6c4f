import { beforeAll, describe, expect, it } from 'vitest';
import { mixtureOf } from '../../../../src/algorithms/parts/mixture.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

describe('a mixture of normal distributions', () => {
  it('has the moments of samples from all of them', () => {
    const policies = [
      { mean: tf.tensor2d([[1, 0]]), logStd: tf.tensor2d([[Math.log(0.5), 0]]) },
      { mean: tf.tensor2d([[-1, 0]]), logStd: tf.tensor2d([[Math.log(0.1), 0]]) },
    ];
    const { mean, logStd } = mixtureOf(policies);
    expect(mean.arraySync()).toEqual([[0, 0]]);
    const [[first, second]] = tf.exp(tf.mul(logStd, 2)).arraySync() as number[][];
    expect(first).toBeCloseTo((0.25 + 0.01) / 2 + 1, 5);
    expect(second).toBeCloseTo(1, 5);
  });

  it('is the only one where there is one', () => {
    const only = { mean: tf.tensor2d([[0.3]]), logStd: tf.tensor2d([[-7]]) };
    expect(mixtureOf([only])).toBe(only);
  });
});
