import { describe, expect, it } from 'vitest';
import { type BearOptions, bear } from '../../../src/algorithms/bear.js';
import type { Agent } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS } from '../learner/support.js';

function smallBear(options: Partial<BearOptions> = {}): Promise<Agent> {
  const given = { ...SMALL_NETWORKS, vaeFeatures: [16], warmupSteps: 0, ...options };
  return createLearner(bear, given, SMALL, { seed: SEED, threads: 1 });
}

async function tensorsOf(learner: Agent) {
  return (await learner.getState()).tensors;
}

/** log α after some updates from where it is `start`. */
async function penaltyAfter(updates: number, start: number, options: Partial<BearOptions>): Promise<number> {
  const learner = await smallBear(options);
  const state = await learner.getState();
  state.tensors['logPenalty'].data[0] = start;
  await learner.setState(state);
  await learner.update(randomBatches(updates));
  const [penalty] = (await tensorsOf(learner))['logPenalty'].data;
  await dispose(learner);
  return penalty;
}

describe('the weight of the discrepancy', () => {
  it('rises while that is above the threshold, and falls while it is below', async () => {
    expect(await penaltyAfter(3, 0, { matchThreshold: 0 })).toBeCloseTo(3e-3, 4);
    expect(await penaltyAfter(3, 0, { matchThreshold: 10 })).toBeCloseTo(-3e-3, 4);
  });

  it('stays in its limits, and comes back', async () => {
    expect(await penaltyAfter(3, 10.01, { matchThreshold: 0 })).toBeCloseTo(10.01, 6);
    expect(await penaltyAfter(3, -5.01, { matchThreshold: 10 })).toBeCloseTo(-5.01, 6);
    expect(await penaltyAfter(3, 10.01, { matchThreshold: 10 })).toBeLessThan(10.008);
    expect(await penaltyAfter(3, -5.01, { matchThreshold: 0 })).toBeGreaterThan(-5.008);
  });
});

describe('the first steps of the actor', () => {
  it('climb no critic', async () => {
    const trained = async (warmupSteps: number, sign: number) => {
      const learner = await smallBear({ warmupSteps });
      const batches = randomBatches(5);
      await learner.update({ ...batches, rewards: batches.rewards.map((reward) => sign * reward) });
      const tensors = await tensorsOf(learner);
      await dispose(learner);
      return tensors;
    };
    const [left, right] = [await trained(5, 1), await trained(5, -1)];
    expect(right['critic0/vectors']).not.toEqual(left['critic0/vectors']);
    expect(right['actor/vectors']).toEqual(left['actor/vectors']);
    const [up, down] = [await trained(4, 1), await trained(4, -1)];
    expect(down['actor/vectors']).not.toEqual(up['actor/vectors']);
    // Adam's steps are as long whatever the gradient is made of.
    expect(left['actor/vectors']).not.toEqual(up['actor/vectors']);
  });
});

describe('the policy', () => {
  it('comes near the data while nothing else moves it', async () => {
    const learner = await smallBear({ warmupSteps: 10_000, actorLearningRate: 3e-3, vaeLearningRate: 3e-3 });
    const batches = randomBatches(300);
    const narrow = { ...batches, actions: batches.actions.map((action) => 0.1 * action + 0.5) };
    const before = (await learner.update(narrow))['discrepancy'];
    const after = (await learner.update(narrow))['discrepancy'];
    expect(after).toBeLessThan(0.5 * before);
    await dispose(learner);
  });
});
