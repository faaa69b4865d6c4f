import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../../../src/algorithms/registry.js';
import type { Agent } from '../../../src/learner/agent.js';
import type { Algorithm, Sizes } from '../../../src/learner/algorithm.js';
import { type Beginning, beginningsText, carryOver } from '../../../src/learner/carry_over.js';
import { createLearner } from '../../../src/learner/learner.js';
import { actionsOf, dispose, randomBatches, someObservations } from './support.js';

type AlgorithmName = keyof typeof ALGORITHMS;

const SIZES: Sizes = { observationDim: 6, actionDim: 3, batchSize: 8 };

/** Options of all small learners that have such. */
const NARROW = {
  actorFeatures: [7, 5],
  actorLayerNorm: false,
  criticFeatures: [7],
  vaeFeatures: [9],
  modelFeatures: [7],
  ratioFeatures: [7],
};

function learnerOf(name: AlgorithmName, options: object = {}, sizes = SIZES, seed = 1): Promise<Agent> {
  const algorithm: Algorithm<object> = ALGORITHMS[name];
  const networks = Object.entries(NARROW).filter(([option]) => option in algorithm.options.shape);
  const given = { ...Object.fromEntries(networks), ...options };
  return createLearner(algorithm, given, sizes, { seed, threads: 1 });
}

/** A learner that has learnt a little, and sees observations shifted and scaled. */
async function learntBy(name: AlgorithmName, options: object = {}, sizes = SIZES): Promise<Agent> {
  const learner = await learnerOf(name, options, sizes);
  await learner.update(randomBatches(6, 2, sizes));
  const numbers = Float32Array.from({ length: sizes.observationDim }, (_, i) => 0.5 + i / 10);
  learner.setObservationNormalisation(numbers, numbers);
  return learner;
}

/** Two learners, of which the second goes on where the first has learnt. */
async function pair(
  from: AlgorithmName,
  to: AlgorithmName,
  options: [object, object] = [{}, {}],
  sizes = SIZES,
) {
  const old = await learntBy(from, options[0], sizes);
  const next = await learnerOf(to, options[1], sizes, 9);
  const beginnings = await carryOver(old, next);
  return { old, next, beginnings };
}

const carriedOf = (beginnings: Beginning[]) => beginnings.map(({ carried }) => carried);
const reasonOf = (beginnings: Beginning[], network: string) =>
  beginnings.find((beginning) => beginning.network === network)?.reason;

/** The actor and the critics of RLPD, after each algorithm, of like widths and without layer norm. */
const CARRIED: Record<AlgorithmName, [actor: Beginning['carried'], critics: Beginning['carried']]> = {
  rlpd: ['all', 'nothing'],
  sac: ['all', 'all'],
  sac_n: ['all', 'all'],
  iql: ['modes', 'all'],
  bc: ['modes', 'nothing'],
  awac: ['modes', 'all'],
  crr: ['all', 'all'],
  awr: ['modes', 'nothing'],
  td3_bc: ['modes', 'all'],
  rebrac: ['modes', 'nothing'],
  cql: ['all', 'all'],
  cal_ql: ['all', 'all'],
  edac: ['all', 'all'],
  bcq: ['nothing', 'all'],
  bear: ['all', 'all'],
  uwac: ['all', 'nothing'],
  mopo: ['all', 'all'],
  combo: ['all', 'all'],
  bred: ['nothing', 'all'],
};

describe('RLPD goes on', () => {
  it.each(Object.keys(CARRIED) as AlgorithmName[])('where %s has learnt, and learns', async (name) => {
    const { old, next, beginnings } = await pair(name, 'rlpd', [{}, { criticLayerNorm: false }]);
    expect(carriedOf(beginnings)).toEqual(CARRIED[name]);
    const { critic_loss: loss } = await next.update(randomBatches(2, 3, SIZES));
    expect(loss).toBeGreaterThan(0);
    await dispose(old, next);
  });
});

describe('a policy that goes on', () => {
  const SINGLE = { ...SIZES, actionDim: 1 };
  it.each([
    ['iql', 'rlpd', SIZES],
    ['td3_bc', 'rlpd', SIZES],
    ['td3_bc', 'iql', SIZES],
    ['cql', 'iql', SIZES],
    ['crr', 'awac', SIZES],
    ['awac', 'td3_bc', SIZES],
    ['cql', 'cal_ql', SIZES],
    ['iql', 'rlpd', SINGLE],
    ['td3_bc', 'sac', SINGLE],
    ['cql', 'td3_bc', SINGLE],
  ] as const)('from %s to %s keeps its modes', async (from, to, sizes) => {
    const { old, next } = await pair(from, to, [{}, {}], sizes);
    const observations = someObservations(5, sizes);
    const modes = await actionsOf(old, observations, 'mode');
    (await actionsOf(next, observations, 'mode')).forEach((action, i) => {
      expect(action).toBeCloseTo(modes[i], 6);
    });
    await dispose(old, next);
  });

  it('keeps its deviations where both give them alike', async () => {
    const { old, next } = await pair('cql', 'sac');
    const [observations, noise] = [someObservations(5), new Float32Array(15).fill(0.7)];
    expect(await actionsOf(next, observations, noise)).toEqual(await actionsOf(old, observations, noise));
    await dispose(old, next);
  });

  it('else begins with those in the middle of their limits, the same everywhere', async () => {
    const { old, next } = await pair('td3_bc', 'rlpd', [{}, { logStdMin: -6 }]);
    const observations = someObservations(5);
    const modes = await actionsOf(next, observations, 'mode');
    const samples = await actionsOf(next, observations, new Float32Array(15).fill(1));
    samples.forEach((sample, i) => {
      expect(Math.atanh(sample) - Math.atanh(modes[i])).toBeCloseTo(Math.exp(-2), 4);
    });
    await dispose(old, next);
  });
});

describe('critics that go on', () => {
  it('have the weights, the targets and no momentum', async () => {
    const { old, next } = await pair('edac', 'rlpd', [{ numQs: 4 }, { numQs: 3, criticLayerNorm: false }]);
    const [before, after] = [(await old.getState()).tensors, (await next.getState()).tensors];
    for (let k = 0; k < 3; k++) {
      for (const group of [`critic${k}`, `target${k}`]) {
        expect(after[`${group}/vectors`]).toEqual(before[`${group}/vectors`]);
        expect(after[`${group}/hidden0/kernel`]).toEqual(before[`${group}/hidden0/kernel`]);
      }
      expect(after[`target${k}/vectors`]).not.toEqual(after[`critic${k}/vectors`]);
      expect(after[`criticFirst${k}/vectors`].data.every((value) => value === 0)).toBe(true);
    }
    await dispose(old, next);
  });

  it.each([
    [{ numQs: 2 }, { numQs: 3, criticLayerNorm: false }, 'rlpd has 3, sac 2'],
    [{}, {}, 'it has layer norm before each activation, that of sac no layer norm'],
    [
      { criticFeatures: [4, 3] },
      { criticLayerNorm: false },
      'its hidden layers have the widths [7], those of sac [4, 3]',
    ],
  ])('begin anew with %o and then %o', async (first, second, reason) => {
    const { old, next, beginnings } = await pair('sac', 'rlpd', [first, second]);
    expect(reasonOf(beginnings, 'critic')).toBe(reason);
    const fresh = await learnerOf('rlpd', second, SIZES, 9);
    const [wanted, found] = [await fresh.getState(), await next.getState()];
    expect(found.tensors['critic0/vectors']).toEqual(wanted.tensors['critic0/vectors']);
    await dispose(old, next, fresh);
  });

  it('are not those with layer norm in another place', async () => {
    const { old, next, beginnings } = await pair('rebrac', 'rlpd');
    expect(reasonOf(beginnings, 'critic')).toBe(
      'it has layer norm before each activation, that of rebrac layer norm behind each activation',
    );
    await dispose(old, next);
  });
});

it('a critic with dropout is one without, unless its slope is limited', async () => {
  const options: [object, object] = [{ spectralNorm: false }, { criticLayerNorm: false }];
  const { old, next, beginnings } = await pair('uwac', 'rlpd', options);
  expect(carriedOf(beginnings)).toEqual(['all', 'all']);
  await dispose(old, next);
});

it('an average that the first algorithm has not begins as its weights', async () => {
  const { old, next } = await pair('cql', 'rlpd', [{}, { actorTau: 0.1 }]);
  const [before, after] = [(await old.getState()).tensors, (await next.getState()).tensors];
  expect(after['averageActor/head/kernel']).toEqual(before['actor/head/kernel']);
  await dispose(old, next);
});

it('observations are normalised as before, and random numbers and duals are the new ones', async () => {
  const { old, next } = await pair('cql', 'sac', [{ initialTemperature: 0.1 }, { initialTemperature: 0.5 }]);
  const [before, after] = [await old.getState(), await next.getState()];
  for (const name of ['observationMean', 'observationScale']) {
    expect(after.tensors[name]).toEqual(before.tensors[name]);
  }
  expect(after.tensors['logTemperature'].data[0]).toBeCloseTo(Math.log(0.5), 5);
  const fresh = await learnerOf('sac', { initialTemperature: 0.5 }, SIZES, 9);
  expect(after.streams).toEqual((await fresh.getState()).streams);
  expect([after.algorithm, next.algorithm]).toEqual(['sac', 'sac']);
  await dispose(old, next, fresh);
});

it('one line tells how all networks begin', () => {
  const beginnings: Beginning[] = [
    { network: 'actor', carried: 'modes', reason: null },
    { network: 'critic', carried: 'all', reason: null },
    { network: 'value', carried: 'nothing', reason: 'td3_bc has none' },
  ];
  expect(beginningsText('td3_bc', 'iql', beginnings)).toBe(
    'iql goes on where td3_bc has learnt: actor from td3_bc, with new deviations of its actions; critic from td3_bc; ' +
      'value anew (td3_bc has none)',
  );
});
