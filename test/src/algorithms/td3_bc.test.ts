import { describe, expect, it } from 'vitest';
import { bc } from '../../../src/algorithms/bc.js';
import { type Td3BcOptions, td3Bc } from '../../../src/algorithms/td3_bc.js';
import type { AgentState } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import { mean } from '../../../src/learner/metrics.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  SEED,
  SMALL,
  SMALL_NETWORKS,
  someObservations,
  someOf,
} from '../learner/support.js';

function smallTd3Bc(options: Partial<Td3BcOptions> = {}) {
  return createLearner(td3Bc, { ...SMALL_NETWORKS, ...options }, SMALL, { seed: SEED, threads: 1 });
}

/** Replaces tensors whose names begin like this. */
function change(state: AgentState, start: string, value: (old: number) => number): AgentState {
  for (const [name, { data }] of Object.entries(state.tensors)) {
    if (name.startsWith(start)) data.set(data.map(value));
  }
  return state;
}

describe("the actor's loss", () => {
  it('counts the first critic so much that the mean of its size is α', async () => {
    const learner = await smallTd3Bc({ alpha: 1.7, numQs: 3 });
    const { q_weight: weight } = await learner.update(randomBatches(2));
    const { q } = learner.lastBatch()!;
    const sizes = q.slice(0, SMALL.batchSize).map(Math.abs);
    expect(weight * mean(sizes)).toBeCloseTo(1.7, 5);
    await dispose(learner);
  });

  it('has the gradient of behaviour cloning where critics say the same of everything', async () => {
    const learner = await smallTd3Bc();
    learner.setLearningRate('critic', 0);
    const state = change(await learner.getState(), 'critic', () => 0);
    for (const critic of ['critic0', 'critic1']) state.tensors[`${critic}/vectors`].data.fill(2, -1);
    await learner.setState(state);
    const batches = randomBatches(2);
    await learner.update(batches);
    const { tensors } = await learner.getState();

    const options = { actorFeatures: SMALL_NETWORKS.actorFeatures, actorLayerNorm: false };
    const cloner = await createLearner(bc, options, SMALL, { seed: 99, threads: 1 });
    const fresh = await cloner.getState();
    for (const [name, { data }] of Object.entries(fresh.tensors)) {
      if (name.startsWith('actor/')) data.set(state.tensors[name].data);
    }
    await cloner.setState(fresh);
    // The actor has learnt from the second batch alone.
    await cloner.update(someOf(batches, 1, 1));
    const cloned = (await cloner.getState()).tensors;
    const moments = Object.keys(cloned).filter((name) => name.startsWith('actorFirst'));
    expect(moments.length).toBeGreaterThan(2);
    for (const name of moments) {
      tensors[name].data.forEach((value, i) => {
        expect(value).toBeCloseTo(cloned[name].data[i], 6);
      });
    }
    await dispose(learner, cloner);
  });

  it('stays finite where critics say 0 of everything', async () => {
    const learner = await smallTd3Bc();
    learner.setLearningRate('critic', 0);
    await learner.setState(change(await learner.getState(), 'critic', () => 0));
    const metrics = await learner.update(randomBatches(2));
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
    const { tensors } = await learner.getState();
    expect(tensors['actor/vectors'].data.every(Number.isFinite)).toBe(true);
    await dispose(learner);
  });
});

describe('the targets', () => {
  it('move with the actor, in every second update, towards what actor and critics have become', async () => {
    const learner = await smallTd3Bc({ tau: 0.25 });
    const first = (await learner.getState()).tensors;
    await learner.update(randomBatches(1));
    const second = (await learner.getState()).tensors;
    expect(second['critic0/vectors']).not.toEqual(first['critic0/vectors']);
    const still = ['actor/vectors', 'targetActor/vectors', 'target0/vectors', 'target1/hidden0/kernel'];
    for (const name of still) expect(second[name], name).toEqual(first[name]);
    await learner.update(randomBatches(1, 2));
    const third = (await learner.getState()).tensors;
    for (const [target, source] of [
      ['targetActor/vectors', 'actor/vectors'],
      ['target1/vectors', 'critic1/vectors'],
    ]) {
      expect(third[source]).not.toEqual(second[source]);
      third[target].data.forEach((value, i) => {
        expect(value).toBeCloseTo(0.75 * second[target].data[i] + 0.25 * third[source].data[i], 6);
      });
    }
    await dispose(learner);
  });

  it('do not act', async () => {
    const learner = await smallTd3Bc();
    const observations = someObservations(3);
    const before = await actionsOf(learner, observations, 'mode');
    await learner.setState(change(await learner.getState(), 'targetActor', (old) => 3 * old + 0.1));
    for (const choice of ['mode', 'sample'] as const) {
      expect(await actionsOf(learner, observations, choice)).toEqual(before);
    }
    await dispose(learner);
  });

  it('are met with noise that is cut off', async () => {
    const targetOf = async (options: Partial<Td3BcOptions>) => {
      const learner = await smallTd3Bc(options);
      const metrics = await learner.update(randomBatches(1));
      await dispose(learner);
      return metrics['target_q'];
    };
    const quiet = await targetOf({ targetNoise: 0 });
    expect(await targetOf({ targetNoise: 5, targetNoiseClip: 0 })).toBe(quiet);
    expect(await targetOf({ targetNoise: 0.2 })).not.toBe(quiet);
  });
});
