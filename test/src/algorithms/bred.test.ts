import { describe, expect, it } from 'vitest';
import { bred } from '../../../src/algorithms/bred.js';
import { allocateBatches, type TransitionBatches } from '../../../src/buffers/transitions.js';
import { createLearner } from '../../../src/learner/learner.js';
import { RandomStream } from '../../../src/rng.js';
import { dispose, randomBatches, SMALL, smallLearner } from '../learner/support.js';

const SIZES = { observationDim: 1, actionDim: 1, batchSize: 64 };

const NARROW = { actorFeatures: [8], criticFeatures: [8], ratioFeatures: [32, 32], numPairs: 2 };

/** Batches whose first half is data, observed around 0, and the second experience, around `shift`; both of deviation 1. */
function shifted(count: number, shift: number, stream: RandomStream): TransitionBatches {
  const batches = allocateBatches(count, 64, 32, 1, 1);
  stream.fillNormal(batches.observations);
  stream.fillUniform(batches.actions, -1, 1);
  batches.observations.forEach((value, row) => {
    if (row % 64 >= 32) batches.observations[row] = value + shift;
  });
  return batches;
}

describe('the ratio of experience to data', () => {
  it('becomes that of two normal densities, exp(x − ½) where they are a deviation apart', async () => {
    const options = { ...NARROW, ratioLearningRate: 2e-3 };
    const learner = await createLearner(bred, options, SIZES, { seed: 1, threads: 1 });
    const stream = new RandomStream(2);
    for (let call = 0; call < 60; call++) await learner.update(shifted(50, 1, stream), 'balance');
    const points = [-1, -0.5, 0, 0.5, 1, 1.5];
    const ratios = await learner.ratiosOf(Float32Array.from(points), new Float32Array(points.length));
    points.forEach((point, i) => {
      const wanted = Math.exp(point - 0.5);
      expect(Math.abs(ratios[i] - wanted), `at ${point}`).toBeLessThan(0.12 + 0.15 * wanted);
    });
    await dispose(learner);
  });

  it('is 1 where both are the same', async () => {
    const learner = await createLearner(bred, NARROW, SIZES, { seed: 1, threads: 1 });
    const stream = new RandomStream(2);
    for (let call = 0; call < 20; call++) await learner.update(shifted(50, 0, stream), 'balance');
    const ratios = await learner.ratiosOf(Float32Array.of(-1, 0, 1), new Float32Array(3));
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.12);
    await dispose(learner);
  });

  it('is given for any number of rows, with the normalisation of observations', async () => {
    const learner = await createLearner(bred, NARROW, SIZES, { seed: 1, threads: 1 });
    await learner.update(shifted(50, 1, new RandomStream(2)), 'balance');
    const observations = Float32Array.from({ length: 600 }, (_, i) => (i - 300) / 100);
    const actions = observations.map(Math.sin);
    const all = await learner.ratiosOf(observations, actions);
    expect(all.length).toBe(600);
    expect(new Set(all).size).toBeGreaterThan(300);
    for (const row of [0, 255, 256, 599]) {
      const one = await learner.ratiosOf(observations.slice(row, row + 1), actions.slice(row, row + 1));
      expect(one[0]).toBe(all[row]);
    }
    learner.setObservationNormalisation(Float32Array.of(1), Float32Array.of(2));
    const seen = await learner.ratiosOf(
      observations.map((value) => value / 2 + 1),
      actions,
    );
    seen.forEach((ratio, row) => {
      expect(ratio).toBeCloseTo(all[row], 5);
    });
    await dispose(learner);
  });

  it('is refused to agents that have none', async () => {
    const learner = await smallLearner();
    expect(learner.balance).toBe(null);
    await expect(learner.ratiosOf(new Float32Array(6), new Float32Array(3))).rejects.toThrow(
      'rlpd has no ratio of experience to data',
    );
    await dispose(learner);
  });
});

it('pairs learn apart from data: what one begins with changes nothing in the others', async () => {
  const options = { ...NARROW, numPairs: 3, numCandidates: 2 };
  const place = { seed: 1, threads: 1 };
  const [learner, other] = [
    await createLearner(bred, options, SMALL, place),
    await createLearner(bred, options, SMALL, place),
  ];
  const state = await other.getState();
  for (const [name, { data }] of Object.entries(state.tensors)) {
    if (/^(critic|target)[23]\//.test(name)) data.set(data.map((value) => value + 0.1));
  }
  await other.setState(state);
  for (const agent of [learner, other]) await agent.update(randomBatches(5), 'offline');
  const [found, changed] = [(await learner.getState()).tensors, (await other.getState()).tensors];
  for (const group of ['critic0', 'critic1', 'critic4', 'critic5']) {
    expect(changed[`${group}/hidden0/kernel`]).toEqual(found[`${group}/hidden0/kernel`]);
  }
  for (const policy of ['policy0', 'policy2']) {
    expect(changed[`actor/${policy}/head/kernel`]).toEqual(found[`actor/${policy}/head/kernel`]);
  }
  for (const name of ['critic2/hidden0/kernel', 'critic3/hidden0/kernel', 'actor/policy1/head/kernel']) {
    expect(changed[name]).not.toEqual(found[name]);
  }
  await dispose(learner, other);
});
