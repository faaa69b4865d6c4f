import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/compile/backends.js';
import { squashedGaussian } from '../../../src/learner/networks.js';
import { severalPolicies } from '../../../src/learner/several_policies.js';
import { initialiseParameters } from '../../../src/nn/packing.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { RandomStream } from '../../../src/rng.js';

beforeAll(async () => {
  await startBackend('cpu');
});

const SIZES = { observationDim: 3, actionDim: 2, batchSize: 4 };
const LAYERS = { features: [6, 5], layerNorm: true };

type Layout = Pick<ReturnType<typeof severalPolicies>, 'table' | 'layout'>;

/** Fresh weights from the beginning of a stream, as tensors. */
function freshWeights({ table, layout }: Layout) {
  const arrays = initialiseParameters(table, layout, new RandomStream(1));
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, tf.tensor(array, [...layout.shapes[name]])]),
  );
}

const observations = () => tf.linspace(-1, 1, 12).reshape([4, 3]);

describe('several policies in one network', () => {
  it('are as many as asked for, each drawn anew, the first as a policy by itself', () => {
    const several = severalPolicies(SIZES, LAYERS, -5, 3);
    const policies = several.apply(freshWeights(several), observations());
    const one = squashedGaussian(SIZES, LAYERS, -5);
    const alone = one.apply(freshWeights(one), observations());
    expect(policies.length).toBe(3);
    expect(policies[0].mean.arraySync()).toEqual(alone.mean.arraySync());
    expect(policies[0].logStd.arraySync()).toEqual(alone.logStd.arraySync());
    expect(policies[1].mean.arraySync()).not.toEqual(policies[2].mean.arraySync());
  });

  it('have the parameters of a policy by itself where there is one', () => {
    const one = severalPolicies(SIZES, LAYERS, -5, 1);
    const plain = squashedGaussian(SIZES, LAYERS, -5);
    expect(one.layout).toEqual(plain.layout);
    expect(one.form).toEqual(plain.form);
    const [policy] = one.apply(freshWeights(one), observations());
    expect(policy.mean.shape).toEqual([4, 2]);
  });
});
