import { describe, expect, it } from 'vitest';
import { type BcqOptions, bcq } from '../../../src/algorithms/bcq.js';
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

function smallBcq(options: Partial<BcqOptions> = {}): Promise<Agent> {
  const given = { ...SMALL_NETWORKS, vaeFeatures: [16], numCandidates: 20, ...options };
  return createLearner(bcq, given, SMALL, { seed: SEED, threads: 1 });
}

/** Replaces the tensors whose names match. */
async function change(learner: Agent, names: RegExp, value: (old: number) => number): Promise<void> {
  const state = await learner.getState();
  const changed = Object.entries(state.tensors).filter(([name]) => names.test(name));
  expect(changed.length).toBeGreaterThan(0);
  for (const [, { data }] of changed) data.set(data.map(value));
  await learner.setState(state);
}

describe('the policy', () => {
  const observations = someObservations(5);

  it('has no randomness, and does in each observation the same whatever is beside it', async () => {
    const learner = await smallBcq();
    const modes = await actionsOf(learner, observations, 'mode');
    expect(await actionsOf(learner, observations, 'sample')).toEqual(modes);
    const alone = await actionsOf(learner, observations.slice(0, SMALL.observationDim), 'mode');
    alone.forEach((action, i) => {
      expect(action).toBeCloseTo(modes[i], 6);
    });
    await dispose(learner);
  });

  it('does what the first critic values most, as far as the data go', async () => {
    const learner = await smallBcq();
    const before = await actionsOf(learner, observations, 'mode');
    await change(learner, /^(critic1|target|targetActor|vae\/encoder)/, (old) => 2 * old + 0.1);
    expect(await actionsOf(learner, observations, 'mode')).toEqual(before);
    await change(learner, /^critic0\//, (old) => -old);
    expect(await actionsOf(learner, observations, 'mode')).not.toEqual(before);
    await dispose(learner);
  });

  it('has nothing to choose where there is one candidate, so more of them are better by the critic', async () => {
    const [one, many] = [await smallBcq({ numCandidates: 1 }), await smallBcq({ numCandidates: 50 })];
    const before = await actionsOf(one, observations, 'mode');
    await change(one, /^critic0\//, (old) => -old);
    expect(await actionsOf(one, observations, 'mode')).toEqual(before);
    expect(await actionsOf(many, observations, 'mode')).not.toEqual(before);
    await dispose(one, many);
  });

  it('is exported without what it does not need', async () => {
    const learner = await smallBcq();
    const { constants } = learner.exportPolicy(new Float32Array(SMALL.actionDim).fill(1));
    const names = [...constants.keys()].filter((name) => name.includes('/'));
    expect(names).toContain('vae/decoder/head/kernel');
    expect(names).toContain('actor/head/kernel');
    expect(names).toContain('critic0/hidden0/kernel');
    expect(names.filter((name) => /encoder|critic1|target/.test(name))).toEqual([]);
    await dispose(learner);
  });
});

describe('the perturbation', () => {
  it('moves no action by more than Φ', async () => {
    const [still, moving] = [
      await smallBcq({ maxPerturbation: 0 }),
      await smallBcq({ maxPerturbation: 0.1 }),
    ];
    // The critics' choice would be another among moved actions.
    for (const learner of [still, moving]) await change(learner, /^critic0\//, () => 0);
    const observations = someObservations(5);
    const [likely, moved] = [
      await actionsOf(still, observations, 'mode'),
      await actionsOf(moving, observations, 'mode'),
    ];
    const distances = moved.map((action, i) => Math.abs(action - likely[i]));
    expect(Math.max(...distances)).toBeLessThanOrEqual(0.1 + 1e-6);
    expect(Math.max(...distances)).toBeGreaterThan(0.01);
    await dispose(still, moving);
  });
});

describe('an update', () => {
  it('leaves the generative network to the data alone, whatever the rewards', async () => {
    const [learner, other] = [await smallBcq(), await smallBcq()];
    const batches = randomBatches(3);
    await learner.update(batches);
    await other.update({ ...batches, rewards: batches.rewards.map((reward) => 5 - reward) });
    const [left, right] = [(await learner.getState()).tensors, (await other.getState()).tensors];
    for (const name of Object.keys(left)) {
      if (name.startsWith('vae/')) expect(right[name], name).toEqual(left[name]);
    }
    expect(right['critic0/vectors']).not.toEqual(left['critic0/vectors']);
    expect(right['actor/vectors']).not.toEqual(left['actor/vectors']);
    await dispose(learner, other);
  });
});
