import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { type DropoutLayers, dropoutValue, unitsOf } from '../../../src/learner/dropout_value.js';
import { actionValue } from '../../../src/learner/networks.js';
import { initialiseParameters } from '../../../src/nn/packing.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const SIZES = { observationDim: 3, actionDim: 2, batchSize: 4 };
const FEATURES = [6, 5];

function criticOf(layers: Partial<DropoutLayers> = {}) {
  const critic = dropoutValue(SIZES, { features: FEATURES, dropout: 0.3, spectralNorm: false, ...layers });
  const arrays = initialiseParameters(critic.table, critic.layout, new RandomStream(1));
  const weights = Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, tf.tensor(array, [...critic.layout.shapes[name]])]),
  );
  return { weights, ...critic.apply(weights) };
}

function uniforms(count: number): tf.Tensor {
  const numbers = new Float32Array(count);
  new RandomStream(3).fillUniform(numbers, -1, 1);
  return tf.tensor1d(numbers);
}

const observations = () => tf.linspace(-1, 1, 12).reshape([4, 3]);
const actions = () => tf.linspace(-1, 1, 4 * 5 * 2).reshape([4, 5, 2]);
const units = unitsOf({ features: FEATURES });

describe('a critic with dropout', () => {
  it('is a plain critic with all units', () => {
    const { weights, value } = criticOf();
    const plain = actionValue(SIZES, { features: FEATURES, layerNorm: false });
    expect([...value(observations(), actions()).dataSync()]).toEqual([
      ...plain.apply(weights, observations(), actions()).dataSync(),
    ]);
  });

  it('has the mean and variance of passes that are made one by one', () => {
    const { sample, moments } = criticOf();
    const numbers = uniforms(7 * units);
    // Numbers to spare change nothing.
    const { mean, variance } = moments(observations(), actions(), tf.concat([numbers, tf.ones([9])]), 7);
    expect(mean.shape).toEqual([4, 5]);
    const third = tf.reshape(tf.slice(actions(), [0, 2, 0], [4, 1, 2]), [4, 2]);
    const passes = tf.unstack(numbers.reshape([7, units])).map((row) => {
      const sameInAllRows = tf.tile(tf.reshape(row, [1, units]), [4, 1]);
      return [...sample(observations(), third, sameInAllRows).dataSync()];
    });
    for (let row = 0; row < 4; row++) {
      const values = passes.map((pass) => pass[row]);
      const center = values.reduce((a, b) => a + b) / 7;
      const spread = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / 6;
      expect((mean.arraySync() as number[][])[row][2]).toBeCloseTo(center, 5);
      expect((variance.arraySync() as number[][])[row][2]).toBeCloseTo(spread, 5);
      expect(spread).toBeGreaterThan(0);
    }
  });

  it('is certain without dropout', () => {
    const { value, moments } = criticOf({ dropout: 0 });
    const { mean, variance } = moments(observations(), actions(), uniforms(4 * units), 4);
    const wanted = [...value(observations(), actions()).dataSync()];
    [...mean.dataSync()].forEach((found, i) => {
      expect(found).toBeCloseTo(wanted[i], 6);
    });
    expect(Math.max(...variance.dataSync())).toBeLessThan(1e-12);
  });

  it('keeps the mean of what a layer gives', () => {
    // With one hidden layer, a value is linear in its units.
    const { value, moments } = criticOf({ features: [6] });
    const { mean } = moments(observations(), actions(), uniforms(20_000 * 6), 20_000);
    const wanted = [...value(observations(), actions()).dataSync()];
    [...mean.dataSync()].forEach((found, i) => {
      expect(Math.abs(found - wanted[i])).toBeLessThan(0.03);
    });
  });

  it('with spectral norms changes by no more than its inputs do', () => {
    const { value } = criticOf({ spectralNorm: true });
    const slope = tf.grad((a: tf.Tensor) => tf.sum(value(observations(), a)))(actions());
    const lengths = tf.sqrt(tf.sum(tf.square(slope), -1)).dataSync();
    expect(Math.max(...lengths)).toBeLessThan(1);
    expect(Math.max(...lengths)).toBeGreaterThan(0);
  });
});
