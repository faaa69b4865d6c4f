import { describe, expect, it } from 'vitest';
import { bear } from '../../../src/algorithms/bear.js';
import { type UwacOptions, uwac } from '../../../src/algorithms/uwac.js';
import type { Agent } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  SEED,
  SMALL,
  SMALL_NETWORKS,
  someObservations,
} from '../learner/support.js';

const PLACE = { seed: SEED, threads: 1 };

function smallUwac(options: Partial<UwacOptions> = {}): Promise<Agent> {
  const given = { ...SMALL_NETWORKS, vaeFeatures: [16], warmupSteps: 0, numPasses: 4, ...options };
  return createLearner(uwac, given, SMALL, PLACE);
}

describe('the weights', () => {
  it('are all 1 without dropout, and with β = 0', async () => {
    for (const options of [{ dropout: 0 }, { beta: 0 }]) {
      const learner = await smallUwac(options);
      const metrics = await learner.update(randomBatches(3));
      expect(metrics['certainty']).toBeCloseTo(1, 6);
      expect(metrics['policy_certainty']).toBeCloseTo(1, 6);
      await dispose(learner);
    }
    const learner = await smallUwac();
    const metrics = await learner.update(randomBatches(3));
    for (const name of ['certainty', 'policy_certainty']) {
      expect(metrics[name]).toBeGreaterThan(0);
      expect(metrics[name]).toBeLessThan(0.99);
    }
    await dispose(learner);
  });

  it("leave BEAR's losses where critics are certain", async () => {
    const learner = await smallUwac({
      dropout: 0,
      spectralNorm: false,
      matchSamples: 1,
      kernel: 'laplacian',
    });
    const options = { ...SMALL_NETWORKS, vaeFeatures: [16], warmupSteps: 0, matchSamples: 1 };
    const base = await createLearner(bear, options, SMALL, PLACE);
    const state = await base.getState();
    const own = await learner.getState();
    for (const [name, tensor] of Object.entries(own.tensors)) tensor.data.set(state.tensors[name].data);
    await learner.setState(own);
    // The draws, which both make in another order, have no part in the critics' target where nothing follows.
    const batches = randomBatches(1);
    batches.discounts.fill(0);
    const [found, wanted] = [await learner.update(batches), await base.update(batches)];
    for (const name of ['critic_loss', 'q', 'target_q', 'critic_grad_norm']) {
      expect(found[name], name).toBeCloseTo(wanted[name], 5);
    }
    await dispose(learner, base);
  });

  it('hold critics where they are if nothing is certain', async () => {
    const learner = await smallUwac({ beta: 1e6 });
    const before = (await learner.getState()).tensors;
    const batches = randomBatches(3);
    batches.discounts.fill(0.9);
    await learner.update(batches);
    const { tensors } = await learner.getState();
    for (const name of Object.keys(before)) {
      if (/^critic\d/.test(name)) expect(tensors[name], name).toEqual(before[name]);
    }
    await dispose(learner);
  });
});

it('acts without dropout', async () => {
  const learner = await smallUwac();
  const observations = someObservations(4);
  const modes = await actionsOf(learner, observations, 'mode');
  expect(await actionsOf(learner, observations, 'sample')).toEqual(modes);
  await dispose(learner);
});
