import { describe, expect, it } from 'vitest';
import { sac } from '../../../src/algorithms/sac.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import type { Agent } from '../../../src/learner/agent.js';
import type { Declaration } from '../../../src/learner/algorithm.js';
import { batch, compute, single } from '../../../src/learner/declare.js';
import { modelOf } from '../../../src/learner/engine/model.js';
import { createLearner } from '../../../src/learner/learner.js';
import { stateValue } from '../../../src/learner/networks.js';
import type { Refresh, ValuedRows } from '../../../src/learner/refresh.js';
import { RandomStream } from '../../../src/rng.js';
import { dispose, randomBatches } from './support.js';
import { algorithmOf, declarationOf, TINY, tinyParts } from './tiny_algorithm.js';

const EVERY = 20;

/** A refresh by which a buffer keeps the values themselves: of observations, and of those after them. */
const keepValues = (value: Refresh['value']): Refresh => ({
  every: EVERY,
  value,
  columns: (buffers: readonly ValuedRows[]) =>
    buffers.map(({ values, nextValues }) => ({ advantages: values, lambdaReturns: nextValues })),
});

const keeper = algorithmOf((sizes) => {
  const parts = tinyParts(sizes);
  return declarationOf(parts, [], { refresh: keepValues(parts.net) });
});

const keeperLearner = () => createLearner(keeper, {}, TINY, { seed: 1, threads: 1 });

/** Episodes of 7 steps in more rows than are valued at a time; every second one terminates. */
function episodes(rows = 700): ReplayBuffer {
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 2, actionDim: 1 });
  const stream = new RandomStream(3);
  const observations = new Float32Array(2 * (rows + 1));
  stream.fillNormal(observations);
  const endsBy = (rest: number) => Uint8Array.from({ length: rows }, (_, row) => Number(row % 14 === rest));
  buffer.add({
    observations: observations.subarray(0, 2 * rows),
    actions: new Float32Array(rows),
    rewards: new Float32Array(rows),
    nextObservations: observations.subarray(2),
    terminated: endsBy(6),
    truncated: endsBy(13),
  });
  return buffer;
}

/** The value of one row's observation by the weights of a learner, normalised by a mean of 0.5 and a scale of 2. */
async function valueBy(learner: Agent): Promise<(observation: Float32Array) => number> {
  const { tensors } = await learner.getState();
  const kernel = tensors['net/hidden0/kernel'].data;
  const [bias, output, [last]] = [[0, 3] as const, [3, 6] as const, [6, 7] as const].map(([from, to]) =>
    tensors['net/vectors'].data.slice(from, to),
  );
  return (observation) => {
    const [x, y] = observation.map((number) => 2 * (number - 0.5));
    const hidden = [0, 1, 2].map((k) => Math.max(0, x * kernel[k] + y * kernel[3 + k] + bias[k]));
    return hidden.reduce((sum, unit, k) => sum + unit * output[k], last);
  };
}

describe('a refresh', () => {
  it('hands over the values of all observations, as they are seen, and of those after them', async () => {
    const learner = await keeperLearner();
    learner.setObservationNormalisation(new Float32Array(2).fill(0.5), new Float32Array(2).fill(2));
    await learner.update(randomBatches(3, 1, TINY));
    const [one, other] = [episodes(), episodes(3)];
    await learner.refresh([one, other], 0.9);
    const wanted = await valueBy(learner);
    for (const buffer of [one, other]) {
      const row = new Float32Array(2);
      for (let i = 0; i < buffer.size; i++) {
        buffer.copy('observations', i, row, 0);
        expect(buffer.keptOf('advantages', i)).toBeCloseTo(wanted(row), 5);
        buffer.copy('nextObservations', i, row, 0);
        expect(buffer.keptOf('lambdaReturns', i)).toBeCloseTo(wanted(row), 5);
      }
    }
    await dispose(learner);
  });

  it('is due at first and after so many updates, also of an agent that goes on from a saved state', async () => {
    const [learner, restored] = [await keeperLearner(), await keeperLearner()];
    expect(learner.updatesUntilRefresh).toBe(0);
    await learner.refresh([episodes()], 0.9);
    expect(learner.updatesUntilRefresh).toBe(EVERY);
    await learner.update(randomBatches(17, 1, TINY));
    await restored.setState(await learner.getState());
    for (const agent of [learner, restored]) {
      expect(agent.updatesUntilRefresh).toBe(3);
      await agent.update(randomBatches(4, 1, TINY));
      expect(agent.updatesUntilRefresh).toBe(0);
    }
    await dispose(learner, restored);
  });

  it('changes nothing that the agent has learnt', async () => {
    const learner = await keeperLearner();
    const { tensors } = await learner.getState();
    await learner.refresh([episodes()], 0.9);
    expect((await learner.getState()).tensors).toEqual(tensors);
    await dispose(learner);
  });

  it('is never due for an algorithm that has none, and refused', async () => {
    const learner = await createLearner(sac, {}, TINY, { seed: 1, threads: 1 });
    expect(learner.updatesUntilRefresh).toBe(Number.POSITIVE_INFINITY);
    await expect(learner.refresh([episodes()], 0.9)).rejects.toThrow('sac makes no columns of its own');
    await dispose(learner);
  });
});

describe('a declaration is refused', () => {
  const parts = tinyParts();
  const refusal = (declaration: Declaration) => () => void modelOf(declaration, TINY, 1);

  it('whose step reads a column that nothing makes', () => {
    const reads = compute({ name: 'reads', over: 'rows' }, ({ read }) => ({ seen: read(batch.advantages) }));
    expect(refusal(declarationOf(parts, [reads]))).toThrow(
      'step "reads" reads "advantages", which the algorithm has no refresh for',
    );
    expect(refusal(declarationOf(parts, [reads], { refresh: keepValues(parts.net) }))).not.toThrow();
  });

  it('whose refresh takes values of an ensemble, or of a network that is not declared', () => {
    const stranger = single('stranger', stateValue(TINY, { features: [3], layerNorm: false }));
    for (const network of [parts.crowd, stranger]) {
      expect(refusal(declarationOf(parts, [], { refresh: keepValues(network) }))).toThrow(
        `the refresh takes values from "${network.name}", which is not a single network of the algorithm`,
      );
    }
  });
});
