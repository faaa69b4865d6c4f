import { beforeAll, describe, expect, it } from 'vitest';
import { certainties, targetVariances } from '../../../../src/algorithms/parts/uncertainty.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

describe('the weights of values', () => {
  it('are 1 where they are certain, and fall with the variance', () => {
    const [certain, less, hardly] = certainties(tf.tensor1d([0, 2, 100]), 0.5).dataSync();
    expect(certain).toBe(1);
    expect(less).toBeCloseTo(Math.exp(-1), 6);
    expect(hardly).toBeLessThan(1e-20);
  });
});

describe('the variance of a target', () => {
  it('is the highest of what all critics together have for an action, and 0 where nothing follows', () => {
    const critics = [
      tf.tensor2d([
        [1, 5],
        [1, 5],
      ]),
      tf.tensor2d([
        [7, 2],
        [7, 2],
      ]),
    ];
    expect([...targetVariances(critics, tf.tensor1d([0.9, 0])).dataSync()]).toEqual([8, 0]);
  });
});
