import { beforeAll, expect, it } from 'vitest';
import { sampleOf, samplesOf } from '../../../../src/algorithms/parts/squashed_samples.js';
import { startBackend } from '../../../../src/compile/backends.js';
import { tf } from '../../../../src/nn/tensorflow.js';

beforeAll(async () => {
  await startBackend('cpu');
});

it('several samples of each row are those that each would be by itself', () => {
  const [rows, count, actionDim] = [2, 3, 2];
  const policy = {
    mean: tf.tensor2d([0.3, -0.2, 1, 0], [2, 2]),
    logStd: tf.tensor2d([-1, 0.5, 0, -2], [2, 2]),
  };
  const noise = tf.linspace(-1.5, 1.5, rows * count * actionDim).reshape([rows, count * actionDim]);
  const several = samplesOf(policy, noise, count);
  expect(several.actions.shape).toEqual([rows, count, actionDim]);
  const logProbability = several.logProbability();
  expect(logProbability.shape).toEqual([rows, count]);
  for (let k = 0; k < count; k++) {
    const one = sampleOf(policy, tf.slice(noise, [0, k * actionDim], [rows, actionDim]));
    const ofSeveral = tf.reshape(tf.slice(several.actions, [0, k, 0], [rows, 1, actionDim]), [
      rows,
      actionDim,
    ]);
    expect([...ofSeveral.dataSync()]).toEqual([...one.actions.dataSync()]);
    const itsProbability = tf.slice(logProbability, [0, k], [rows, 1]);
    expect([...itsProbability.dataSync()]).toEqual([...one.logProbability().dataSync()]);
  }
});
