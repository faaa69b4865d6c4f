import { beforeAll, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { clippedNoise, logDensity } from '../../../src/nn/normal.js';
import { tf } from '../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

it('integrates to one', () => {
  const steps = 2001;
  const [low, high] = [-6, 7];
  const actions = tf.linspace(low, high, steps).reshape([steps, 1]);
  const policy = { mean: tf.fill([steps, 1], 0.4), logStd: tf.fill([steps, 1], -0.7) };
  const density = tf.sum(tf.exp(logDensity(policy, actions))).dataSync()[0];
  const integral = density * ((high - low) / (steps - 1));
  expect(integral).toBeCloseTo(1, 4);
});

it('sums the log-densities of the action entries', () => {
  const policy = { mean: tf.tensor2d([[0.3, -0.2]]), logStd: tf.tensor2d([[0, Math.log(2)]]) };
  const at = (actions: number[]) => logDensity(policy, tf.tensor2d([actions])).dataSync()[0];
  expect(at([0.3, -0.2])).toBeCloseTo(-Math.log(2 * Math.PI) - Math.log(2), 5);
  // One deviation from the mean in the second entry.
  expect(at([0.3, 1.8])).toBeCloseTo(-Math.log(2 * Math.PI) - Math.log(2) - 0.5, 5);
});

it('noise is scaled, then cut off', () => {
  const noise = clippedNoise(
    tf.tensor2d([
      [1, -2.4, 2.6],
      [-9, 0, 2],
    ]),
    0.2,
    0.5,
  );
  const wanted = [0.2, -0.48, 0.5, -0.5, 0, 0.4];
  for (const [i, value] of noise.dataSync().entries()) expect(value).toBeCloseTo(wanted[i], 6);
});
