import { beforeAll, describe, expect, it } from 'vitest';
import { maximumMeanDiscrepancy } from '../../../../src/algorithms/parts/discrepancy.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const X = () =>
  tf.tensor3d([
    [
      [0, 0],
      [1, -2],
    ],
  ]);
const Y = () =>
  tf.tensor3d([
    [
      [0.5, 0],
      [2, 1],
      [-1, 3],
    ],
  ]);

describe.each(['laplacian', 'gaussian'] as const)('the discrepancy by the %s kernel', (kernel) => {
  const between = (x: tf.Tensor, y: tf.Tensor, sigma = 2) =>
    maximumMeanDiscrepancy(x, y, kernel, sigma).dataSync()[0];

  it('is the root of 1e-6 between equal samples, whatever their order', () => {
    expect(between(X(), tf.reverse(X(), 1))).toBeCloseTo(1e-3, 4);
  });

  it('is the same both ways', () => {
    expect(between(X(), Y())).toBeCloseTo(between(Y(), X()), 6);
    expect(between(X(), Y())).toBeGreaterThan(0.1);
  });

  it('is that of two points, by hand', () => {
    // Distances |x − y| and (x − y)² of (0, 0) and (1, −2).
    const distance = kernel === 'laplacian' ? 3 : 5;
    const wanted = Math.sqrt(2 - 2 * Math.exp(-distance / (2 * 1.5)) + 1e-6);
    expect(between(tf.tensor3d([[[0, 0]]]), tf.tensor3d([[[1, -2]]]), 1.5)).toBeCloseTo(wanted, 5);
  });

  it('is one of each row', () => {
    const [x, y] = [X(), Y()];
    const both = maximumMeanDiscrepancy(tf.concat([x, x], 0), tf.concat([y, tf.mul(y, 2)], 0), kernel, 2);
    const alone = [between(x, y), between(x, tf.mul(y, 2))];
    [...both.dataSync()].forEach((value, row) => {
      expect(value).toBeCloseTo(alone[row], 6);
    });
  });

  it('draws samples to the others', () => {
    const slope = tf.grad((x: tf.Tensor) => tf.sum(maximumMeanDiscrepancy(x, Y(), kernel, 2)))(X());
    expect([...slope.dataSync()].every(Number.isFinite)).toBe(true);
    const nearer = tf.sub(X(), tf.mul(slope, 0.1));
    expect(between(nearer, Y())).toBeLessThan(between(X(), Y()));
  });
});
