import { describe, expect, it } from 'vitest';
import { type IqlOptions, iql } from '../../../src/algorithms/iql.js';
import type { Agent, AgentState } from '../../../src/learner/agent.js';
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

function smallIql(options: Partial<IqlOptions> = {}) {
  return createLearner(iql, { ...SMALL_NETWORKS, ...options }, SMALL, { seed: SEED, threads: 1 });
}

/** The state after one update with the arrays of `group` changed beforehand. */
async function stateWithout(group: string): Promise<AgentState['tensors']> {
  const learner = await smallIql();
  const state = await learner.getState();
  for (const [name, { data }] of Object.entries(state.tensors)) {
    if (name.startsWith(group)) data.set(data.map((value) => 0.5 * value + 0.1));
  }
  await learner.setState(state);
  await learner.update(randomBatches(1));
  const { tensors } = await learner.getState();
  await dispose(learner);
  return tensors;
}

describe('value and policy', () => {
  it('learn from the target critics, and not from the critics themselves', async () => {
    const plain = await stateWithout('nothing');
    const [noCritics, noTargets] = [await stateWithout('critic'), await stateWithout('target')];
    for (const name of [
      'value/vectors',
      'valueFirst/hidden0/kernel',
      'actor/vectors',
      'actorFirst/head/kernel',
    ]) {
      expect(noCritics[name].data, name).toEqual(plain[name].data);
      expect(noTargets[name].data, name).not.toEqual(plain[name].data);
    }
  });

  it('have no need of next observations; the critics learn from the value there', async () => {
    const [learner, other] = [await smallIql(), await smallIql()];
    const batches = randomBatches(1);
    const moved = { ...batches, nextObservations: batches.nextObservations.map((value) => value + 1) };
    await learner.update(batches);
    await other.update(moved);
    const [a, b] = [(await learner.getState()).tensors, (await other.getState()).tensors];
    for (const name of ['value/vectors', 'actor/vectors']) expect(b[name], name).toEqual(a[name]);
    expect(b['critic0/vectors']).not.toEqual(a['critic0/vectors']);
    await dispose(learner, other);
  });
});

describe('the value', () => {
  it('goes up where the target critics say more, and down where they say less', async () => {
    const valueAfter = async (bias: number) => {
      const learner = await smallIql({ valueLearningRate: 1e-2 });
      const state = await learner.getState();
      for (const target of ['target0', 'target1']) {
        // The last number of the vectors is the bias of the value.
        const { data } = state.tensors[`${target}/vectors`];
        data[data.length - 1] = bias;
      }
      await learner.setState(state);
      const before = state.tensors['value/vectors'].data.at(-1)!;
      await learner.update(randomBatches(1));
      const after = (await learner.getState()).tensors['value/vectors'].data.at(-1)!;
      await dispose(learner);
      return after - before;
    };
    expect(await valueAfter(50)).toBeGreaterThan(0);
    expect(await valueAfter(-50)).toBeLessThan(0);
  });
});

describe("the actor's learning rate", () => {
  it('falls to 0 over the planned updates and stays there, while the others go on', async () => {
    const learner = await smallIql();
    const [steps, values]: Float32Array[][] = [[], []];
    for (let update = 0; update < 6; update++) {
      await learner.update(randomBatches(1, update), 'online', { done: update, planned: 4 });
      const { tensors } = await learner.getState();
      steps.push(tensors['actor/hidden0/kernel'].data);
      values.push(tensors['value/hidden0/kernel'].data);
    }
    expect(steps[3]).not.toEqual(steps[2]);
    expect(steps[4]).toEqual(steps[3]);
    expect(steps[5]).toEqual(steps[3]);
    expect(values[5]).not.toEqual(values[4]);
    await dispose(learner);
  });

  it('stays where no number of updates is planned, or nothing is to fall', async () => {
    const course = (done: number) => ({ done, planned: 1000 });
    const decaying = await smallIql();
    const [endless, steady] = [await smallIql(), await smallIql({ actorDecay: null })];
    const actorOf = async (learner: Agent) => (await learner.getState()).tensors['actor/vectors'];
    for (let update = 0; update < 2; update++) {
      const batches = randomBatches(1, update);
      await decaying.update(batches, 'online', course(update));
      await endless.update(batches);
      await steady.update(batches, 'online', course(update));
      expect(await steady.getState()).toEqual(await endless.getState());
      // The first step of a decay is a whole one.
      if (update === 0) expect(await decaying.getState()).toEqual(await steady.getState());
      else expect(await actorOf(decaying)).not.toEqual(await actorOf(steady));
    }
    await dispose(decaying, endless, steady);
  });
});

describe('the policy', () => {
  it('acts within −1 and 1 however wide it is', async () => {
    const learner = await smallIql();
    const noise = Float32Array.from({ length: 2 * SMALL.actionDim }, (_, i) => (i % 2 ? -50 : 50));
    const actions = await actionsOf(learner, someObservations(2), noise);
    expect([...actions]).toEqual([...noise.map(Math.sign)]);
    await dispose(learner);
  });
});
