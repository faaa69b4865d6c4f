import { beforeAll, describe, expect, it } from 'vitest';
import {
  conservativeGaps,
  rolloutGaps,
  softMaximum,
  uniformLogDensity,
} from '../../../../src/algorithms/parts/conservative_penalty.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const row = (numbers: number[]) => tf.tensor2d([numbers]);

/** The soft maximum of one row. */
function maximumOf(values: number[], logDensities: number[], temperature = 1): number {
  const candidates = { values: row(values), logDensities: row(logDensities) };
  return softMaximum(candidates, temperature).dataSync()[0];
}

describe('the soft maximum', () => {
  it('weighs each action by 1 / its density', () => {
    expect(maximumOf([1, 2], [0.5, -0.25])).toBeCloseTo(Math.log(Math.exp(0.5) + Math.exp(2.25)), 5);
  });

  it('comes to the highest value as the temperature falls', () => {
    expect(maximumOf([1, 2, 5], [0, 0, 0], 2)).toBeCloseTo(
      2 * Math.log(Math.exp(0.5) + Math.exp(1) + Math.exp(2.5)),
      5,
    );
    expect(maximumOf([1, 2, 5], [0, 0, 0], 0.01)).toBeCloseTo(5, 5);
  });

  it('of uniform actions that are all worth the same is that, A·log 2 and log n', () => {
    for (const actionDim of [1, 3, 8]) {
      const density = uniformLogDensity(actionDim);
      expect(density).toBeCloseTo(Math.log(0.5 ** actionDim), 10);
      const maximum = maximumOf([7, 7, 7, 7], [density, density, density, density]);
      expect(maximum).toBeCloseTo(7 + actionDim * Math.LN2 + Math.log(4), 5);
    }
  });

  it('and its gradient are finite for values of ±1000', () => {
    expect(maximumOf([1000, -1000], [0, 0])).toBe(1000);
    expect(maximumOf([-1000, -1000], [0, 0])).toBeCloseTo(-1000 + Math.LN2, 3);
    const slope = tf.grad((values: tf.Tensor) =>
      tf.sum(softMaximum({ values, logDensities: row([0, 0, 0]) }, 1)),
    );
    expect([...slope(row([1000, -1000, 1000])).dataSync()]).toEqual([0.5, 0, 0.5]);
  });
});

describe('the gap', () => {
  const data = tf.tensor1d([3]);
  const gapOf = (values: tf.Tensor, dataValues: tf.Tensor) =>
    tf.sum(conservativeGaps({ values, logDensities: row([0, Math.LN2, -1]) }, dataValues, 0.5));

  it('is the soft maximum less the value of the data', () => {
    const values = row([1, 2, -1]);
    const wanted = 0.5 * Math.log(Math.exp(2) + Math.exp(4 - 2 * Math.LN2) + 1) - 3;
    expect(gapOf(values, data).dataSync()[0]).toBeCloseTo(wanted, 5);
  });

  it('falls as the value of the data rises, and as values of others fall, which share in it', () => {
    const values = row([1, 2, -1]);
    const [ofOthers, ofData] = tf.grads(gapOf)([values, data]);
    expect([...ofData.dataSync()]).toEqual([-1]);
    const weights = [Math.exp(2), Math.exp(4 - 2 * Math.LN2), 1];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    ofOthers.dataSync().forEach((slope, i) => {
      expect(slope).toBeCloseTo(weights[i] / total, 5);
    });
  });
});

describe('the gap of rollouts and data', () => {
  /** The mean gap of two rows of data and one of a rollout, by the value of a single candidate of each and of its action. */
  const meanGap = (candidateValues: tf.Tensor, values: tf.Tensor, dataWeights: number[]) => {
    const candidates = { values: tf.reshape(candidateValues, [3, 1]), logDensities: tf.zeros([3, 1]) };
    return tf.mean(rolloutGaps(candidates, values, 1, tf.tensor1d(dataWeights)));
  };
  const [candidates, values] = [tf.tensor1d([10, 20, 40]), tf.tensor1d([1, 2, 300])];

  it('is the mean soft maximum of the ones less the mean value of the others', () => {
    expect(meanGap(candidates, values, [0.5, 0.5, 0]).dataSync()[0]).toBeCloseTo(40 - 1.5, 4);
    expect(meanGap(candidates, values, [0, 1, 0]).dataSync()[0]).toBeCloseTo(25 - 2, 4);
  });

  it('pushes values down in rollouts alone, and up in data alone', () => {
    const slopes = tf.grads((c: tf.Tensor, v: tf.Tensor) => meanGap(c, v, [0.5, 0.5, 0]) as tf.Scalar);
    const [ofCandidates, ofValues] = slopes([candidates, values]);
    [0, 0, 1].forEach((slope, i) => {
      expect(ofCandidates.dataSync()[i]).toBeCloseTo(slope, 5);
    });
    [-0.5, -0.5, 0].forEach((slope, i) => {
      expect(ofValues.dataSync()[i]).toBeCloseTo(slope, 5);
    });
  });

  it('is that of the data alone where no row is a rollout', () => {
    expect(meanGap(candidates, values, [1 / 3, 1 / 3, 1 / 3]).dataSync()[0]).toBeCloseTo(-101, 3);
  });
});
