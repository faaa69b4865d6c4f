import { describe, expect, it } from 'vitest';
import { imitationWeight } from '../../../src/algorithms/rlpd.js';
import type { ActionChoice, Agent } from '../../../src/learner/agent.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  smallLearner,
  someObservations,
  stateDifference,
} from '../learner/support.js';

describe('the critics', () => {
  it('take the minimum over more of them as a lower target', async () => {
    const one = await smallLearner({ numQs: 5, numMinQs: 1 });
    const all = await smallLearner({ numQs: 5, numMinQs: 5 });
    const batches = randomBatches(1);
    const [high, low] = [await one.update(batches), await all.update(batches)];
    expect(low['target_q']).toBeLessThan(high['target_q']);
    await dispose(one, all);
  });

  it('learn the reward where nothing follows', async () => {
    const learner = await smallLearner({ criticLearningRate: 3e-3 });
    const batches = randomBatches(200);
    batches.discounts.fill(0);
    batches.rewards.fill(0.7);
    await learner.update(batches);
    expect((await learner.update(randomBatches(1, 9)))['q']).toBeCloseTo(0.7, 1);
    await dispose(learner);
  });
});

describe('imitation', () => {
  it('cloning brings the policy to the demonstrated actions', async () => {
    const learner = await smallLearner({ cloneLearningRate: 3e-3 });
    const batches = randomBatches(1);
    const first = await learner.update(batches, 'clone');
    for (let i = 0; i < 400; i++) await learner.update(batches, 'clone');
    const last = await learner.update(batches, 'clone');
    expect(last['bc_loss']).toBeLessThan(0.02 * first['bc_loss']);
    const actions = await actionsOf(learner, batches.observations, 'mode');
    const error =
      actions.reduce((sum, value, i) => sum + (value - batches.actions[i]) ** 2, 0) / actions.length;
    expect(error).toBeCloseTo(last['bc_loss'], 2);
    await dispose(learner);
  });

  it('is of what was intended, while cloning and after', async () => {
    const learner = await smallLearner({ cloneLearningRate: 3e-3, bcWeight: 1 });
    const batches = randomBatches(1);
    const intended = batches.intendedActions!;
    intended.forEach((value, i) => {
      intended[i] = 0.5 * value + 0.1;
    });
    for (let i = 0; i < 400; i++) await learner.update(batches, 'clone');
    const actions = await actionsOf(learner, batches.observations, 'mode');
    const distance = (to: Float32Array) => actions.reduce((sum, value, i) => sum + (value - to[i]) ** 2, 0);
    expect(distance(intended)).toBeLessThan(0.1 * distance(batches.actions));
    const { bc_loss: near } = await learner.update(batches);
    intended.set(batches.actions);
    expect((await learner.update(batches))['bc_loss']).toBeGreaterThan(3 * near);
    await dispose(learner);
  });

  it('counts only demonstration rows, and its weight falls with the env steps', async () => {
    const learner = await smallLearner({ bcWeight: 1, bcWeightEnd: 0, bcDecaySteps: 100 });
    const plain = await smallLearner();
    const batches = randomBatches(1);
    learner.advance(100);
    const { bc_loss: loss, ...metrics } = await learner.update(batches);
    expect(metrics).toEqual(await plain.update(batches));
    expect((await stateDifference(learner, plain)).difference).toBeLessThan(1e-7);
    expect(loss).toBeGreaterThan(0);
    expect((await learner.update({ ...batches, demoRows: 0 }))['bc_loss']).toBe(0);
    await dispose(learner, plain);
  });

  it('goes at the learning rate that was set for cloning', async () => {
    const learner = await smallLearner();
    const before = structuredClone((await learner.getState()).tensors['actor/vectors']);
    learner.setLearningRate('clone', 0);
    await learner.update(randomBatches(2), 'clone');
    expect((await learner.getState()).tensors['actor/vectors']).toEqual(before);
    learner.setLearningRate('clone', 1e-3);
    await learner.update(randomBatches(1), 'clone');
    expect((await learner.getState()).tensors['actor/vectors']).not.toEqual(before);
    await dispose(learner);
  });
});

describe('the averaged policy', () => {
  const TAU = 0.25;

  /** The same learner without an average, whose policy has the weights `group` of `learner`. */
  async function withWeights(learner: Agent, group: 'actor' | 'averageActor'): Promise<Agent> {
    const { tensors, ...rest } = await learner.getState();
    const own = Object.entries(tensors).filter(([name]) => !name.startsWith('averageActor/'));
    const renamed = own.map(([name, tensor]) => [
      name,
      name.startsWith('actor/') ? tensors[name.replace('actor', group)] : tensor,
    ]);
    const plain = await smallLearner();
    await plain.setState({ ...rest, tensors: Object.fromEntries(renamed) });
    return plain;
  }

  it('follows the policy, which trains as without it, a share at each of its steps', async () => {
    const [learner, plain] = [await smallLearner({ actorTau: TAU }), await smallLearner()];
    let { 'averageActor/vectors': average } = (await learner.getState()).tensors;
    expect(average).toEqual((await learner.getState()).tensors['actor/vectors']);
    for (const phase of ['online', 'clone', 'online'] as const) {
      expect(await learner.update(randomBatches(1), phase)).toEqual(
        await plain.update(randomBatches(1), phase),
      );
      const { tensors } = await learner.getState();
      const policy = tensors['actor/vectors'].data;
      expect(policy).toEqual((await plain.getState()).tensors['actor/vectors'].data);
      tensors['averageActor/vectors'].data.forEach((value, i) => {
        expect(value).toBeCloseTo((1 - TAU) * average.data[i] + TAU * policy[i], 6);
      });
      average = tensors['averageActor/vectors'];
    }
    await dispose(learner, plain);
  });

  it.each(['compiled', 'cpu'])('acts, but does not explore, on the %s backend', async (backend) => {
    const learner = await smallLearner({ actorTau: 0.01 }, { backend });
    await learner.update(randomBatches(8));
    const trained = await withWeights(learner, 'actor');
    const averaged = await withWeights(learner, 'averageActor');
    const chosen = (from: Agent, choice: ActionChoice) => actionsOf(from, someObservations(1), choice);
    for (const choice of ['mode', new Float32Array([0.5, -1, 1])] as const) {
      const [wanted, other] = [await chosen(averaged, choice), await chosen(trained, choice)];
      const actions = await chosen(learner, choice);
      for (const [i, action] of actions.entries()) expect(action).toBeCloseTo(wanted[i], 6);
      expect(Math.abs(actions[0] - other[0])).toBeGreaterThan(1e-4);
    }
    const [sampled, wanted] = [await chosen(learner, 'sample'), await chosen(trained, 'sample')];
    for (const [i, action] of sampled.entries()) expect(action).toBeCloseTo(wanted[i], 6);
    await dispose(learner, trained, averaged);
  });
});

describe('options that make no sense', () => {
  it.each([
    [{ numMinQs: 3 }, /rlpd: numMinQs: must not exceed the number of critics/],
    [{ numQs: 1.5 }, /rlpd: numQs: /],
    [{ tau: 0 }, /rlpd: tau: /],
    [{ actorTau: 1.1 }, /rlpd: actorTau: /],
    [{ initialTemperature: 0 }, /rlpd: initialTemperature: /],
    [{ actorFeatures: [] }, /rlpd: actorFeatures: /],
    [{ criticFeatures: [16, 0] }, /rlpd: criticFeatures.1: /],
    [{ criticLearningRate: Number.NaN }, /rlpd: criticLearningRate: /],
    [{ bcWeight: -1 }, /rlpd: bcWeight: /],
    [{ logStdMin: 2 }, /rlpd: logStdMin: /],
  ])('%o', async (options, message) => {
    await expect(smallLearner(options)).rejects.toThrow(message);
  });
});

describe('imitationWeight', () => {
  const weights = (start: number, end: number | null, envSteps: number[]) =>
    envSteps.map((steps) =>
      imitationWeight({ bcWeight: start, bcWeightEnd: end, bcDecaySteps: 4_000 }, steps),
    );

  it('stays where it is unless it is to fall', () => {
    expect(weights(10, null, [0, 5_000, 1_000_000])).toEqual([10, 10, 10]);
  });

  it('falls in a straight line, and then stays', () => {
    expect(weights(30, 2, [0, 1_000, 2_000, 4_000, 9_000])).toEqual([30, 23, 16, 2, 2]);
  });
});
