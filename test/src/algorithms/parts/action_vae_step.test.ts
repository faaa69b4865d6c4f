import { beforeAll, describe, expect, it } from 'vitest';
import { clippedLatents, latentDivergences } from '../../../../src/algorithms/parts/action_vae_step.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

describe('the divergence of latent numbers', () => {
  it('is a mean over them, 0 for standard normal ones', () => {
    const mean = tf.tensor2d([
      [0, 0],
      [2, 0],
      [0, 0],
    ]);
    const logStd = tf.tensor2d([
      [0, 0],
      [0, 0],
      [Math.log(3), 0],
    ]);
    const [none, moved, widened] = latentDivergences({ mean, logStd }).dataSync();
    expect(none).toBeCloseTo(0, 9);
    expect(moved).toBeCloseTo(4 / 4, 6);
    expect(widened).toBeCloseTo((9 - 1 - 2 * Math.log(3)) / 4, 6);
  });
});

it('cuts latent numbers off where actions are made of them', () => {
  expect([...clippedLatents(tf.tensor1d([-3, -0.2, 0, 0.4, 1])).dataSync()]).toEqual([
    ...Float32Array.of(-0.5, -0.2, 0, 0.4, 0.5),
  ]);
});
