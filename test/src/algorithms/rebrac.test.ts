import { describe, expect, it } from 'vitest';
import { type RebracOptions, rebrac } from '../../../src/algorithms/rebrac.js';
import { td3Bc } from '../../../src/algorithms/td3_bc.js';
import { createLearner } from '../../../src/learner/learner.js';
import { actionsOf, dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS } from '../learner/support.js';

function smallRebrac(options: Partial<RebracOptions> = {}) {
  return createLearner(rebrac, { ...SMALL_NETWORKS, ...options }, SMALL, { seed: SEED, threads: 1 });
}

describe('without the penalty of next actions', () => {
  it('is TD3+BC by the mean over actions, but for the order in which the target follows the actor', async () => {
    const alpha = 2.5;
    const shared = { ...SMALL_NETWORKS, numQs: 1, criticLayerNorm: false, tau: 0.3 };
    const rates = { actorLearningRate: 1e-3, criticLearningRate: 1e-3 };
    const original = await createLearner(td3Bc, { ...shared, ...rates, alpha }, SMALL, {
      seed: SEED,
      threads: 1,
    });
    const weights = { criticBcWeight: 0, actorBcWeight: 1 / (alpha * SMALL.actionDim) };
    const learner = await smallRebrac({ ...shared, ...rates, ...weights });
    await learner.setState({ ...(await original.getState()), algorithm: 'rebrac' });
    const batches = randomBatches(2);
    const [wanted, found] = [await original.update(batches), await learner.update(batches)];
    expect(found['target_q']).toBe(wanted['target_q']);
    expect(found['q_weight'] * alpha).toBeCloseTo(wanted['q_weight'], 4);
    const [td3, own] = [(await original.getState()).tensors, (await learner.getState()).tensors];
    for (const name of ['critic0/vectors', 'critic0/hidden1/kernel', 'target0/vectors']) {
      expect(own[name], name).toEqual(td3[name]);
    }
    for (const name of ['actorFirst/vectors', 'actorFirst/hidden0/kernel', 'actorFirst/head/kernel']) {
      own[name].data.forEach((value, i) => {
        expect(alpha * value).toBeCloseTo(td3[name].data[i], 5);
      });
    }
    expect(own['targetActor/vectors']).not.toEqual(td3['targetActor/vectors']);
    await dispose(original, learner);
  });

  it('has no need of next actions', async () => {
    const [without, learner] = [await smallRebrac({ criticBcWeight: 0 }), await smallRebrac()];
    expect([without.columns, learner.columns]).toEqual([[], ['nextActions']]);
    await dispose(without, learner);
  });
});

describe('the penalty of next actions', () => {
  /** The mean target with the given weight, the next actions being all of one value. */
  async function targetOf(criticBcWeight: number, nextAction: number, discount = 0.9): Promise<number> {
    const learner = await smallRebrac({ criticBcWeight, targetNoise: 0 });
    const batches = randomBatches(1);
    batches.nextActions!.fill(nextAction);
    batches.discounts.fill(discount);
    const { target_q: target } = await learner.update(batches);
    await dispose(learner);
    return target;
  }

  it('lowers targets by the squared distance of the policy to them, discounted', async () => {
    // A fresh policy does almost nothing.
    const [plain, far] = [await targetOf(0, 0), await targetOf(0.5, 0.8)];
    expect(plain - far).toBeCloseTo(0.9 * 0.5 * SMALL.actionDim * 0.8 ** 2, 2);
    expect(await targetOf(0.5, 0)).toBeCloseTo(plain, 2);
  });

  it('ends with the episode', async () => {
    expect(await targetOf(0.5, 0.8, 0)).toBe(await targetOf(0, 0, 0));
  });
});

it("the actor's target follows what the actor was before its step", async () => {
  const learner = await smallRebrac({ tau: 0.25 });
  await learner.update(randomBatches(2));
  const before = (await learner.getState()).tensors;
  await learner.update(randomBatches(2, 2));
  const after = (await learner.getState()).tensors;
  after['targetActor/vectors'].data.forEach((value, i) => {
    const wanted = 0.75 * before['targetActor/vectors'].data[i] + 0.25 * before['actor/vectors'].data[i];
    expect(value).toBeCloseTo(wanted, 7);
  });
  await dispose(learner);
});

it('begins with actions and values near 0', async () => {
  const learner = await smallRebrac();
  const batches = randomBatches(1);
  const actions = await actionsOf(learner, batches.observations, 'mode');
  expect(actions.every((action) => action !== 0 && Math.abs(action) < 0.05)).toBe(true);
  const { q_min: lowest, q_max: highest } = await learner.update(batches);
  for (const value of [lowest, highest]) expect(Math.abs(value)).toBeLessThan(0.1);
  await dispose(learner);
});
