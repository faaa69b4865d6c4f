import { expect, it } from 'vitest';
import type { Agent, Course } from '../../../src/learner/agent.js';
import type { Algorithm } from '../../../src/learner/algorithm.js';
import { adam, batch, train } from '../../../src/learner/declare.js';
import { createLearner } from '../../../src/learner/learner.js';
import type { Decay } from '../../../src/learner/step.js';
import { dispose, randomBatches, someOf } from './support.js';
import { algorithmOf, declarationOf, squaredError, TINY, tinyParts } from './tiny_algorithm.js';

const RATE = 1e-2;

/** A network that learns rewards, in the phase offline alone, at a rate that falls. */
function decaying(decay: Decay | null): Algorithm<object> {
  return algorithmOf((sizes) => {
    const parts = tinyParts(sizes);
    const { net } = parts;
    const optimiser = adam('net', RATE, { decay });
    const fit = train({ name: 'fit', network: net, optimiser }, ({ read, apply }) => ({
      loss: squaredError(apply(net, read(batch.observations)), read(batch.rewards), sizes),
    }));
    const phases = { offline: { steps: [fit], metrics: [] } };
    return declarationOf(parts, [], { phases });
  });
}

function learnerOf(decay: Decay | null): Promise<Agent> {
  return createLearner(decaying(decay), {}, TINY, { seed: 1, threads: 1 });
}

async function weightsOf(learner: Agent): Promise<Float32Array> {
  return (await learner.getState()).tensors['net/vectors'].data;
}

/** The change of the last bias in a learner's first step, which is Adam's whole step size. */
async function firstStep(decay: Decay | null, course?: Course): Promise<number> {
  const learner = await learnerOf(decay);
  const before = (await weightsOf(learner)).at(-1)!;
  await learner.update(randomBatches(1, 1, TINY), 'offline', course);
  const after = (await weightsOf(learner)).at(-1)!;
  await dispose(learner);
  return Math.abs(after - before);
}

it.each([
  ['linear', 0, 1],
  ['linear', 1, 0.75],
  ['linear', 4, 0],
  ['cosine', 1, (1 + Math.SQRT1_2) / 2],
  ['cosine', 2, 0.5],
  ['cosine', 9, 0],
  [null, 3, 1],
] as const)(
  'a learning rate with the decay %s is, %i updates of 4 done, %f of what it was',
  async (decay, done, share) => {
    expect(await firstStep(decay, { done, planned: 4 })).toBeCloseTo(RATE * share, 6);
  },
);

it('a learning rate stays where nobody says how many updates there are to be', async () => {
  expect(await firstStep('linear')).toBeCloseTo(RATE, 6);
});

it('a learning rate falls with each batch, however they are divided over calls', async () => {
  const [whole, divided] = [await learnerOf('cosine'), await learnerOf('cosine')];
  const batches = randomBatches(20, 1, TINY);
  await whole.update(batches, 'offline', { done: 3, planned: 30 });
  for (const [first, count] of [
    [0, 7],
    [7, 13],
  ]) {
    await divided.update(someOf(batches, first, count), 'offline', { done: 3 + first, planned: 30 });
  }
  expect(await divided.getState()).toEqual(await whole.getState());
  await dispose(whole, divided);
});

it('an algorithm that learns from data alone does so unless another phase is named', async () => {
  const [named, unnamed] = [await learnerOf(null), await learnerOf(null)];
  await named.update(randomBatches(2, 1, TINY), 'offline');
  await unnamed.update(randomBatches(2, 1, TINY));
  expect(await unnamed.getState()).toEqual(await named.getState());
  await expect(unnamed.update(randomBatches(1, 1, TINY), 'online')).rejects.toThrow(
    'tiny has no phase "online"; it has: offline',
  );
  await dispose(named, unnamed);
});
