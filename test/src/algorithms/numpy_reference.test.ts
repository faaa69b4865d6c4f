import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awac } from '../../../src/algorithms/awac.js';
import { awr } from '../../../src/algorithms/awr.js';
import { bc } from '../../../src/algorithms/bc.js';
import { bcq } from '../../../src/algorithms/bcq.js';
import { bear } from '../../../src/algorithms/bear.js';
import { bred } from '../../../src/algorithms/bred.js';
import { calQl } from '../../../src/algorithms/cal_ql.js';
import { combo } from '../../../src/algorithms/combo.js';
import { cql } from '../../../src/algorithms/cql.js';
import { crr } from '../../../src/algorithms/crr.js';
import { edac } from '../../../src/algorithms/edac.js';
import { iql } from '../../../src/algorithms/iql.js';
import { mopo } from '../../../src/algorithms/mopo.js';
import { rebrac } from '../../../src/algorithms/rebrac.js';
import { rlpd } from '../../../src/algorithms/rlpd.js';
import { sac } from '../../../src/algorithms/sac.js';
import { sacN } from '../../../src/algorithms/sac_n.js';
import { td3Bc } from '../../../src/algorithms/td3_bc.js';
import { uwac } from '../../../src/algorithms/uwac.js';
import { type ColumnName, isOptional } from '../../../src/buffers/columns.js';
import { allocateBatches, columnsOf, type TransitionBatches } from '../../../src/buffers/transitions.js';
import type { Agent, AgentState } from '../../../src/learner/agent.js';
import type { Algorithm, PhaseName, Sizes } from '../../../src/learner/algorithm.js';
import { createLearner } from '../../../src/learner/learner.js';
import { namedStream } from '../../../src/rng.js';

/** The draws for one update: noise in the order in which it is drawn, members of a subset, what candidate actions are made of. */
interface Draws extends Partial<Record<NoiseName, number[]>> {
  subset?: number[];
  candidates?: Record<'spread' | 'noise' | 'nextNoise', number[]>;
}

type NoiseName = 'nextNoise' | 'noise' | 'latentNoise' | 'nextLatents' | 'latents' | MaskName;

/** Uniform noise, by which units are left out. */
type MaskName = 'nextMasks' | 'masks' | 'policyMasks';

interface Inputs {
  sizes: Sizes;
  seed: number;
  options: { numQs?: number; numMinQs?: number };
  updates: number;
  /** The updates of the phase of which these are the first. */
  planned: number;
  demoRows: number;
  weights: Record<string, number[]>;
  batches: Partial<Record<ColumnName, number[]>>;
  /** The draws for each update, made in this order. */
  draws: Draws[];
}

interface Expected {
  updates: {
    metrics: Record<string, number>;
    state: Record<string, number[]>;
    /** Gradients by the names of the first moments that they go into. */
    gradients: Record<string, number[]>;
  }[];
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;

function fixture<Content>(name: string): Content {
  const file = new URL(`../../fixtures/reference/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Content;
}

/** Batch `index` of a fixture. */
function batch({ sizes, demoRows, batches }: Inputs, index: number): TransitionBatches {
  const { batchSize, observationDim, actionDim } = sizes;
  const optional = Object.keys(batches).filter(isOptional);
  const result = allocateBatches(1, batchSize, demoRows, observationDim, actionDim, optional);
  for (const [name, column] of columnsOf(result)) {
    column.set(batches[name]!.slice(index * column.length, (index + 1) * column.length));
  }
  return result;
}

/** The largest difference, in comparison with the largest of the numbers `among`, the wanted ones, where that is above 1. */
function largestDifference(
  actual: ArrayLike<number>,
  wanted: readonly number[],
  among: Iterable<number> = wanted,
): number {
  expect(actual.length).toBe(wanted.length);
  const scale = Math.max(1, ...Array.from(among, Math.abs));
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i])), 0) / scale;
}

/**
 * The largest difference between the last update's addition to moments, whose earlier values fade by `beta`, and the wanted
 * one, in comparison with the moments: sums have no more digits.
 */
function momentDifference([before, after]: Float32Array[], beta: number, wanted: readonly number[]): number {
  const added = after.map((value, i) => value - beta * before[i]);
  return largestDifference(added, wanted, [...wanted, ...after]);
}

describe.each([
  'rlpd',
  'sac',
  'awac',
  'crr',
  'td3_bc',
  'rebrac',
  'cql',
  'cal_ql',
  'edac',
  'bcq',
  'bear',
  'uwac',
  'combo',
  'bred_offline',
  'bred_online',
])('the randomness that the reference of %s was made with', (name) => {
  it('is what the named streams still give', () => {
    const { seed, options, draws } = fixture<Inputs>(`${name}_inputs`);
    const noiseStream = namedStream(seed, 'agent-noise');
    const subsetStream = namedStream(seed, 'critic-subset');
    const candidateStream = namedStream(seed, 'candidate-actions');
    const expectFilled = (fill: (numbers: Float32Array) => void, wanted: readonly number[] = []) => {
      const numbers = new Float32Array(wanted.length);
      fill(numbers);
      expect([...numbers]).toEqual(wanted);
    };
    for (const { subset, candidates, ...noises } of draws) {
      for (const [noiseName, noise] of Object.entries(noises)) {
        expectFilled(
          (numbers) =>
            /masks$/i.test(noiseName)
              ? noiseStream.fillUniform(numbers, -1, 1)
              : noiseStream.fillNormal(numbers),
          noise,
        );
      }
      const { numQs, numMinQs = numQs } = options;
      if (subset) expect(subsetStream.choose(numMinQs!, numQs!)).toEqual(subset);
      expectFilled((numbers) => candidateStream.fillUniform(numbers, -1, 1), candidates?.spread);
      expectFilled((numbers) => candidateStream.fillNormal(numbers), candidates?.noise);
      expectFilled((numbers) => candidateStream.fillNormal(numbers), candidates?.nextNoise);
    }
  });
});

interface Case {
  algorithm: Algorithm<object>;
  reference: string;
  backends: string[];
  /** The phase of the updates, if it is not the one that an agent makes unless told otherwise. */
  phase?: PhaseName;
  /** The parts of the state that this phase does not touch. */
  untouched?: RegExp;
}

const CASES: Case[] = [
  { algorithm: rlpd, reference: 'rlpd', backends: ['compiled', 'cpu', 'wasm'] },
  { algorithm: sac, reference: 'sac', backends: ['compiled', 'cpu'] },
  // With two critics it is SAC.
  { algorithm: sacN, reference: 'sac', backends: ['compiled'] },
  { algorithm: iql, reference: 'iql', backends: ['compiled', 'cpu'] },
  { algorithm: bc, reference: 'bc', backends: ['compiled', 'cpu'] },
  { algorithm: bc, reference: 'bc_nll', backends: ['compiled'] },
  { algorithm: awac, reference: 'awac', backends: ['compiled', 'cpu'] },
  { algorithm: crr, reference: 'crr', backends: ['compiled', 'cpu'] },
  { algorithm: awr, reference: 'awr', backends: ['compiled', 'cpu'] },
  { algorithm: td3Bc, reference: 'td3_bc', backends: ['compiled', 'cpu'] },
  { algorithm: rebrac, reference: 'rebrac', backends: ['compiled', 'cpu'] },
  { algorithm: cql, reference: 'cql', backends: ['compiled', 'cpu'] },
  { algorithm: calQl, reference: 'cal_ql', backends: ['compiled', 'cpu'] },
  { algorithm: edac, reference: 'edac', backends: ['compiled', 'cpu'] },
  { algorithm: bcq, reference: 'bcq', backends: ['compiled', 'cpu'] },
  { algorithm: bear, reference: 'bear', backends: ['compiled', 'cpu'] },
  { algorithm: uwac, reference: 'uwac', backends: ['compiled', 'cpu'] },
  { algorithm: combo, reference: 'combo', backends: ['compiled', 'cpu'], untouched: /^(dynamics|model)/ },
  {
    algorithm: bred,
    reference: 'bred_offline',
    backends: ['compiled', 'cpu'],
    phase: 'offline',
    untouched: /^(ratio|actor(First|Second)|critic(First|Second)|logTemperature($|First|Second))/,
  },
  {
    algorithm: bred,
    reference: 'bred_online',
    backends: ['compiled', 'cpu'],
    untouched: /^(ratio|offline|logTemperature\d)/,
  },
  {
    algorithm: bred,
    reference: 'bred_balance',
    backends: ['compiled', 'cpu'],
    phase: 'balance',
    untouched: /^(actor|critic|target|offline|logTemperature)/,
  },
  {
    algorithm: mopo,
    reference: 'mopo_model',
    backends: ['compiled', 'cpu'],
    phase: 'model',
    untouched: /^(actor|critic|target|logTemperature)/,
  },
];

describe.each(
  CASES.flatMap(({ backends, ...rest }) =>
    backends.map((backend) => ({ ...rest, name: rest.algorithm.name, backend })),
  ),
)(
  'updates of $name ($reference) on the $backend backend, against NumPy',
  ({ algorithm, reference, backend, phase, untouched }) => {
    const inputs = fixture<Inputs>(`${reference}_inputs`);
    const expected = fixture<Expected>(`${reference}_expected`);
    let learner: Agent;
    let tensors: AgentState['tensors'];
    beforeAll(async () => {
      const { options, sizes, seed } = inputs;
      learner = await createLearner(algorithm, options, sizes, { seed, backend });
      ({ tensors } = await learner.getState());
    });
    afterAll(() => learner.dispose());

    it('start from the recorded weights', () => {
      expect(Object.keys(tensors).sort()).toEqual(Object.keys(inputs.weights).sort());
      for (const [name, values] of Object.entries(inputs.weights)) {
        expect(largestDifference(tensors[name].data, values), name).toBe(0);
      }
    });

    it.each(expected.updates.map((_, index) => index))(
      'have the losses, gradients and weights of update %i',
      async (index) => {
        const before = tensors;
        const course = { done: index, planned: inputs.planned };
        const metrics = await learner.update(batch(inputs, index), phase, course);
        const wanted = expected.updates[index];
        expect(Object.keys(metrics).sort()).toEqual(Object.keys(wanted.metrics).sort());
        for (const [name, value] of Object.entries(wanted.metrics)) {
          expect(largestDifference([metrics[name]], [value]), name).toBeLessThan(5e-6);
        }
        ({ tensors } = await learner.getState());
        for (const [name, values] of Object.entries(wanted.state)) {
          expect(largestDifference(tensors[name].data, values), name).toBeLessThan(1e-6);
        }
        for (const [first, gradient] of Object.entries(wanted.gradients)) {
          const second = first.replace('First', 'Second');
          const squares = gradient.map((g) => g * g);
          const stored = (name: string) => [before[name].data, tensors[name].data];
          // Adam's moments are stored without their (1 − β) factors.
          expect(momentDifference(stored(first), BETA_1, gradient), first).toBeLessThan(1e-5);
          expect(momentDifference(stored(second), BETA_2, squares), second).toBeLessThan(1e-5);
        }
      },
    );

    it('are compared in all that the state has but cloning and normalisation', () => {
      const [{ state }] = expected.updates;
      const gradients = Object.assign({}, ...expected.updates.map((update) => update.gradients));
      const moments = Object.keys(gradients).flatMap((first) => [first, first.replace('First', 'Second')]);
      const others = Object.keys(tensors).filter(
        (name) => !/^clone|^observation/.test(name) && !untouched?.test(name),
      );
      expect(others.sort()).toEqual([...Object.keys(state), ...moments].sort());
    });
  },
);
