import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { actionValue } from '../../../src/learner/networks.js';
import { initialiseParameters } from '../../../src/nn/packing.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

describe('a critic', () => {
  it.each([false, true])(
    'gives several actions of a row the values that each has, layer norm %s',
    (layerNorm) => {
      const sizes = { observationDim: 3, actionDim: 2, batchSize: 4 };
      const { table, layout, apply } = actionValue(sizes, { features: [6, 5], layerNorm });
      const arrays = initialiseParameters(table, layout, new RandomStream(1));
      const weights = Object.fromEntries(
        Object.entries(arrays).map(([name, array]) => [name, tf.tensor(array, [...layout.shapes[name]])]),
      );
      const observations = tf.linspace(-1, 1, 12).reshape([4, 3]);
      const actions = tf.linspace(-1, 1, 4 * 5 * 2).reshape([4, 5, 2]);
      const several = apply(weights, observations, actions);
      expect(several.shape).toEqual([4, 5]);
      const oneByOne = tf.unstack(actions, 1).map((each) => apply(weights, observations, each));
      expect([...several.dataSync()]).toEqual([...tf.stack(oneByOne, 1).dataSync()]);
    },
  );
});
