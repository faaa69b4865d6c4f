import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { normalSample } from '../../../src/nn/normal.js';
import {
  sampleLogProbability,
  smoothlyBetween,
  squashedLogDensity,
  tanhNormal,
} from '../../../src/nn/tanh_normal.js';
import { tf } from '../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

describe('tanhNormal', () => {
  it('keeps the log-std strictly between −5 and 2, with −1.5 for a head of zero', () => {
    const { mean, logStd } = tanhNormal(tf.tensor2d([[1, 2, 3, -100, 0, 100]]), -5);
    expect([...mean.dataSync()]).toEqual([1, 2, 3]);
    expect([...logStd.dataSync()]).toEqual([-5, -1.5, 2]);
  });

  it('takes another lower limit', () => {
    const { logStd } = tanhNormal(tf.tensor2d([[0, 0, 0, -100, 0, 100]]), -2);
    expect([...logStd.dataSync()]).toEqual([-2, 0, 2]);
  });

  it('squashes other numbers in the same way', () => {
    const squashed = smoothlyBetween(tf.tensor1d([-100, 0, 0.5, 100]), -6, 0);
    [-6, -3, -3 + 3 * Math.tanh(0.5), 0].forEach((value, i) => {
      expect(squashed.dataSync()[i]).toBeCloseTo(value, 5);
    });
  });

  it('integrates to one', () => {
    // Density of the action times its width, summed over equal steps of the noise: ∫ π(a) da.
    const steps = 4001;
    const noise = tf.linspace(-8, 8, steps).reshape([steps, 1]);
    const policy = { mean: tf.fill([steps, 1], 0.4), logStd: tf.fill([steps, 1], -0.7) };
    const preTanh = normalSample(policy, noise);
    const density = sampleLogProbability(policy, noise, preTanh).exp().dataSync();
    const actions = tf.tanh(preTanh).dataSync();
    let integral = 0;
    for (let i = 1; i < steps; i++)
      integral += ((density[i] + density[i - 1]) / 2) * (actions[i] - actions[i - 1]);
    expect(integral).toBeCloseTo(1, 3);
  });

  it('sums the log-probabilities of the action entries, by the change of variables', () => {
    const policy = { mean: tf.tensor2d([[0.3, -0.2]]), logStd: tf.tensor2d([[-1, 0.5]]) };
    const noise = tf.tensor2d([[0.7, -1.1]]);
    const preTanh = normalSample(policy, noise);
    const u = [0.3 + Math.exp(-1) * 0.7, -0.2 + Math.exp(0.5) * -1.1];
    const wanted = [0, 1].reduce((sum, i) => {
      const [n, logStd] = [[0.7, -1.1][i], [-1, 0.5][i]];
      const normal = -0.5 * n * n - logStd - 0.5 * Math.log(2 * Math.PI);
      return sum + normal - Math.log(1 - Math.tanh(u[i]) ** 2);
    }, 0);
    expect(sampleLogProbability(policy, noise, preTanh).dataSync()[0]).toBeCloseTo(wanted, 5);
  });

  it('stays finite where the action rounds to one', () => {
    const policy = { mean: tf.tensor2d([[40]]), logStd: tf.tensor2d([[0]]) };
    const noise = tf.tensor2d([[1]]);
    const preTanh = normalSample(policy, noise);
    expect(tf.tanh(preTanh).dataSync()[0]).toBe(1);
    // log(1 − tanh²u) → 2 log 2 − 2u.
    const wanted = -0.5 - 0.5 * Math.log(2 * Math.PI) - 2 * Math.LN2 + 82;
    expect(sampleLogProbability(policy, noise, preTanh).dataSync()[0]).toBeCloseTo(wanted, 3);
  });
});

describe('the density of given actions', () => {
  const policy = { mean: tf.tensor2d([[0.3, -0.2]]), logStd: tf.tensor2d([[-1, 0.5]]) };
  const at = (actions: number[]) => squashedLogDensity(policy, tf.tensor2d([actions])).dataSync()[0];

  it('is that of a sample which is the same', () => {
    const noise = tf.tensor2d([[0.7, -1.1]]);
    const preTanh = normalSample(policy, noise);
    const wanted = sampleLogProbability(policy, noise, preTanh).dataSync()[0];
    expect(at([...tf.tanh(preTanh).dataSync()])).toBeCloseTo(wanted, 4);
  });

  it('is finite at the ends of the range', () => {
    expect(at([1, -1])).toBe(at([1 - 1e-5, -1 + 1e-5]));
    expect(Number.isFinite(at([1, -1]))).toBe(true);
  });
});
