import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { actionVae } from '../../../src/learner/action_vae.js';
import { perturbation } from '../../../src/learner/networks.js';
import type { NetworkFunction } from '../../../src/learner/step.js';
import { initialiseParameters } from '../../../src/nn/packing.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const SIZES = { observationDim: 3, actionDim: 2, batchSize: 4 };
const LAYERS = { features: [6, 5], layerNorm: false };

function freshWeights<Inputs extends tf.Tensor[], Output>({
  table,
  layout,
}: NetworkFunction<Inputs, Output>) {
  const arrays = initialiseParameters(table, layout, new RandomStream(1));
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, tf.tensor(array, [...layout.shapes[name]])]),
  );
}

const observations = () => tf.linspace(-1, 1, 12).reshape([4, 3]);

describe('a generative network of actions', () => {
  it('makes of several latent numbers of a row what it makes of each', () => {
    const vae = actionVae(SIZES, LAYERS);
    const { decode } = vae.apply(freshWeights(vae));
    const latents = tf.linspace(-1, 1, 4 * 5 * 4).reshape([4, 5, 4]);
    const several = decode(observations(), latents);
    expect(several.shape).toEqual([4, 5, 2]);
    const oneByOne = tf.unstack(latents, 1).map((each) => decode(observations(), each));
    expect([...several.dataSync()]).toEqual([...tf.stack(oneByOne, 1).dataSync()]);
  });

  it('gives two latent numbers for each entry of an action, whose deviation has limits', () => {
    const vae = actionVae(SIZES, LAYERS);
    const weights = freshWeights(vae);
    const kernel = weights['encoder/head/kernel'];
    const steep = { ...weights, 'encoder/head/kernel': tf.mul(kernel, 1e6) };
    const { mean, logStd } = vae.apply(steep).encode(observations(), tf.ones([4, 2]));
    expect(mean.shape).toEqual([4, 4]);
    const numbers = new Set(logStd.dataSync());
    expect([...numbers].toSorted((a, b) => a - b)).toEqual([-4, 15]);
  });
});

describe('a perturbation', () => {
  it('moves each of several actions by less than its limit, and never out of the range', () => {
    const network = perturbation(SIZES, LAYERS, 0.2);
    const weights = freshWeights(network);
    const actions = tf.linspace(-1, 1, 4 * 5 * 2).reshape([4, 5, 2]);
    const moved = network.apply(weights, observations(), actions);
    const oneByOne = tf.unstack(actions, 1).map((each) => network.apply(weights, observations(), each));
    expect([...moved.dataSync()]).toEqual([...tf.stack(oneByOne, 1).dataSync()]);
    const distances = tf.abs(tf.sub(moved, actions)).dataSync();
    expect(Math.max(...distances)).toBeLessThan(0.2);
    expect(Math.max(...distances)).toBeGreaterThan(0.05);
    expect(Math.max(...tf.abs(moved).dataSync())).toBeLessThanOrEqual(1);
  });
});
