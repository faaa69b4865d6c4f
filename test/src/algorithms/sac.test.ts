import { describe, expect, it } from 'vitest';
import { type RlpdOptions, rlpd } from '../../../src/algorithms/rlpd.js';
import { type SacOptions, sac } from '../../../src/algorithms/sac.js';
import { sacN } from '../../../src/algorithms/sac_n.js';
import type { Algorithm } from '../../../src/learner/algorithm.js';
import { createLearner } from '../../../src/learner/learner.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS } from '../learner/support.js';

function learnerOf(algorithm: Algorithm<object>, options: Partial<SacOptions & RlpdOptions> = {}) {
  return createLearner(algorithm, { ...SMALL_NETWORKS, ...options }, SMALL, { seed: SEED, threads: 1 });
}

describe.each([sac, sacN, rlpd] as Algorithm<object>[])('the temperature of $name', (algorithm) => {
  it.each([
    ['rises while the policy is less random than it should be', 1e3, 1],
    ['falls while it is more random', -1e3, -1],
  ])('%s', async (_, targetEntropy, sign) => {
    const learner = await learnerOf(algorithm, { targetEntropy, temperatureLearningRate: 1e-2, numQs: 2 });
    await learner.update(randomBatches(5));
    expect(Math.sign((await learner.getState()).tensors['logTemperature'].data[0])).toBe(sign);
    await dispose(learner);
  });

  it('stays where it is not learnt', async () => {
    const learner = await learnerOf(algorithm, {
      learnableTemperature: false,
      initialTemperature: 0.2,
      numQs: 2,
    });
    const { temperature, temperature_loss: loss } = await learner.update(randomBatches(3));
    expect(temperature).toBeCloseTo(0.2, 6);
    expect(loss).not.toBe(0);
    expect(Math.exp((await learner.getState()).tensors['logTemperature'].data[0])).toBeCloseTo(0.2, 6);
    await dispose(learner);
  });
});

describe('the target entropy', () => {
  /** The target entropy that follows from the temperature's loss. */
  async function targetEntropyOf(algorithm: Algorithm<object>): Promise<number> {
    const learner = await learnerOf(algorithm, { numQs: 2 });
    const { temperature, temperature_loss: loss, entropy } = await learner.update(randomBatches(1));
    await dispose(learner);
    return entropy - loss / temperature;
  }

  it('is −actionDim in SAC and half of it in RLPD', async () => {
    expect(await targetEntropyOf(sac)).toBeCloseTo(-SMALL.actionDim, 4);
    expect(await targetEntropyOf(rlpd)).toBeCloseTo(-SMALL.actionDim / 2, 4);
  });
});

describe('SAC with an ensemble', () => {
  it('of two critics is SAC', async () => {
    const [two, plain] = [await learnerOf(sacN, { numQs: 2 }), await learnerOf(sac)];
    expect(await two.update(randomBatches(3))).toEqual(await plain.update(randomBatches(3)));
    expect(await two.getState()).toEqual({ ...(await plain.getState()), algorithm: 'sac_n' });
    await dispose(two, plain);
  });

  it('is as pessimistic as its lowest critic', async () => {
    const [few, many] = [await learnerOf(sacN, { numQs: 2 }), await learnerOf(sacN, { numQs: 12 })];
    const batches = randomBatches(1);
    const [high, low] = [await few.update(batches), await many.update(batches)];
    expect(low['target_q']).toBeLessThan(high['target_q']);
    await dispose(few, many);
  });
});

describe('a critic of SAC', () => {
  it('learns at the same pace however many others there are', async () => {
    const [few, many] = [await learnerOf(sacN, { numQs: 2 }), await learnerOf(sacN, { numQs: 5 })];
    const batches = randomBatches(1);
    // Nothing follows, so that the target is the same.
    batches.discounts.fill(0);
    for (const learner of [few, many]) await learner.update(batches);
    const [ofFew, ofMany] = [(await few.getState()).tensors, (await many.getState()).tensors];
    expect(ofMany['criticFirst1/vectors']).toEqual(ofFew['criticFirst1/vectors']);
    await dispose(few, many);
  });
});
