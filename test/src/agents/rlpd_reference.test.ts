import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRlpdAgent, type RlpdAgent } from '../../../src/agents/rlpd.js';
import { allocateBatches, type TransitionBatches } from '../../../src/data/transitions.js';
import { namedStream } from '../../../src/rng.js';

interface Inputs {
  options: {
    observationDim: number;
    actionDim: number;
    batchSize: number;
    numQs: number;
    numMinQs: number;
    seed: number;
  };
  updates: number;
  demoRows: number;
  weights: Record<string, number[]>;
  batches: Record<'observations' | 'actions' | 'rewards' | 'discounts' | 'nextObservations', number[]>;
  draws: { nextNoise: number[]; noise: number[]; subset: number[] }[];
}

interface Expected {
  updates: { metrics: Record<string, number>; state: Record<string, number[]> }[];
  moments: Record<string, number[]>;
}

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/rlpd/${name}`, import.meta.url), 'utf8'));
const inputs: Inputs = fixture('inputs.json');
const expected: Expected = fixture('expected.json');

/** Batch `index` of the fixture. */
function batch(index: number): TransitionBatches {
  const { batchSize, observationDim, actionDim } = inputs.options;
  const result = allocateBatches(1, batchSize, inputs.demoRows, observationDim, actionDim);
  for (const key of ['observations', 'actions', 'rewards', 'discounts', 'nextObservations'] as const) {
    const size = result[key].length;
    result[key].set(inputs.batches[key].slice(index * size, (index + 1) * size));
  }
  return result;
}

function largestDifference(actual: Float32Array, wanted: readonly number[]): number {
  expect(actual.length).toBe(wanted.length);
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - wanted[i])), 0);
}

describe('the randomness that the fixture was made with', () => {
  it('is what the named streams still give', () => {
    const { seed, batchSize, actionDim, numMinQs, numQs } = inputs.options;
    const noiseStream = namedStream(seed, 'agent-noise');
    const subsetStream = namedStream(seed, 'critic-subset');
    const noise = new Float32Array(batchSize * actionDim);
    for (const draw of inputs.draws) {
      noiseStream.fillNormal(noise);
      expect([...noise]).toEqual(draw.nextNoise);
      noiseStream.fillNormal(noise);
      expect([...noise]).toEqual(draw.noise);
      expect(subsetStream.choose(numMinQs, numQs)).toEqual(draw.subset);
    }
  });
});

describe.each(['compiled', 'cpu', 'wasm'])('three updates on the %s backend, against NumPy', (backend) => {
  let agent: RlpdAgent;
  beforeAll(async () => {
    agent = await createRlpdAgent({ ...inputs.options, backend });
  });
  afterAll(() => agent.dispose());

  it('starts from the recorded weights', async () => {
    const { tensors } = await agent.getState();
    for (const [name, values] of Object.entries(inputs.weights)) {
      expect(largestDifference(tensors[name].data, values), name).toBe(0);
    }
  });

  it.each(expected.updates.map((_, index) => index))(
    'has the losses and weights of update %i',
    async (index) => {
      const metrics = await agent.update(batch(index));
      const wanted = expected.updates[index];
      expect(Object.keys(metrics).sort()).toEqual(Object.keys(wanted.metrics).sort());
      for (const [name, value] of Object.entries(wanted.metrics))
        expect(metrics[name], name).toBeCloseTo(value, 5);
      const { tensors } = await agent.getState();
      for (const [name, values] of Object.entries(wanted.state)) {
        expect(largestDifference(tensors[name].data, values), name).toBeLessThan(1e-6);
      }
    },
  );

  it('has the moments of Adam, without their (1 − β) factors', async () => {
    const { tensors } = await agent.getState();
    for (const [name, values] of Object.entries(expected.moments)) {
      const scale = Math.max(1, ...values.map(Math.abs));
      expect(largestDifference(tensors[name].data, values) / scale, name).toBeLessThan(1e-5);
    }
  });
});
