import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../../src/algorithms/registry.js';
import { ReplayBuffer } from '../../src/buffers/replay_buffer.js';
import type { TransitionBatches } from '../../src/buffers/transitions.js';
import { writeOnnx } from '../../src/compile/onnx_writer.js';
import type { Agent } from '../../src/learner/agent.js';
import { type Algorithm, declaredPhases, type PhaseName, type Sizes } from '../../src/learner/algorithm.js';
import { createLearner, type LearnerOptions } from '../../src/learner/learner.js';
import { readModel } from '../../src/runtime/node/onnx.js';
import { actionsOf, dispose, randomBatches, stateDifference } from '../src/learner/support.js';

type AlgorithmName = keyof typeof ALGORITHMS;

const SIZES: Sizes = { observationDim: 4, actionDim: 2, batchSize: 6 };

const NETWORKS = { actorFeatures: [7], criticFeatures: [7] };

/** The updates that are planned of each phase, by which learning rates fall. */
const PLANNED = 40;

interface Subject {
  /**
   * Options of a small learner that uses everything that is the algorithm's own. Neighbours have different arrays, or one
   * could take the other's state.
   */
  options: object;
  /** A metric and weights that depend on what comes after a transition; null: nothing does. */
  bootstraps: { metric: string; weights: string } | null;
}

const BY_CRITICS = { metric: 'target_q', weights: 'critic0/vectors' };

const SUBJECTS: Record<AlgorithmName, Subject> = {
  rlpd: {
    options: { numQs: 3, actorUpdateFreq: 3, bcWeight: 0.3, actorTau: 0.1, backupEntropy: true },
    bootstraps: BY_CRITICS,
  },
  sac: { options: { numQs: 3, actorUpdateFreq: 2 }, bootstraps: BY_CRITICS },
  sac_n: { options: { numQs: 5 }, bootstraps: BY_CRITICS },
  iql: { options: { numQs: 3 }, bootstraps: BY_CRITICS },
  bc: { options: {}, bootstraps: null },
  awac: { options: { numQs: 3, temperature: 0.5, actorWeightDecay: 0.1 }, bootstraps: BY_CRITICS },
  crr: {
    options: { numQs: 3, logStdMin: -1, numSamples: 3, weights: 'exp', temperature: 0.5 },
    bootstraps: BY_CRITICS,
  },
  // Returns are made of whole episodes, by a refresh: test/src/algorithms/awr.test.ts.
  awr: { options: { temperature: 0.5, maxWeight: 2 }, bootstraps: null },
  td3_bc: { options: { numQs: 3 }, bootstraps: BY_CRITICS },
  rebrac: { options: { actorLayerNorm: true }, bootstraps: BY_CRITICS },
  cql: {
    options: { numQs: 3, numCandidates: 2, maxBackup: true, lagrangeThreshold: 2, bcSteps: 3 },
    bootstraps: BY_CRITICS,
  },
  cal_ql: { options: { numQs: 2, numCandidates: 3 }, bootstraps: BY_CRITICS },
  edac: { options: { numQs: 3, criticLayerNorm: true }, bootstraps: BY_CRITICS },
  bcq: {
    options: { numQs: 3, vaeFeatures: [9], numSamples: 3, numCandidates: 5, maxPerturbation: 0.3 },
    bootstraps: BY_CRITICS,
  },
  bear: {
    options: { numQs: 3, vaeFeatures: [9], numSamples: 3, numCandidates: 5, warmupSteps: 3, matchSamples: 3 },
    bootstraps: BY_CRITICS,
  },
  uwac: {
    options: { numQs: 2, vaeFeatures: [9], numSamples: 3, numCandidates: 5, warmupSteps: 3, numPasses: 4 },
    bootstraps: BY_CRITICS,
  },
  bred: {
    options: { numPairs: 3, numCandidates: 2, ratioFeatures: [5] },
    bootstraps: { metric: 'target_q', weights: 'critic0/vectors' },
  },
  combo: {
    options: { numQs: 2, modelFeatures: [7], numModels: 3, numElites: 2, numRollouts: 20, numCandidates: 2 },
    bootstraps: BY_CRITICS,
  },
  mopo: {
    options: {
      numQs: 2,
      modelFeatures: [7, 6],
      numModels: 4,
      numElites: 2,
      numRollouts: 20,
      rolloutSteps: 3,
    },
    bootstraps: BY_CRITICS,
  },
};

/** The outputs of an exported policy by name, `action` as a policy acts, in [−1, 1]. */
type Outputs = Record<string, Float32Array>;

const gaussian =
  (bounded: (value: number) => number) =>
  ({ mean, log_std: logStd }: Outputs, noise: Float32Array) =>
    mean.map((value, i) => bounded(value + Math.exp(logStd[i]) * noise[i]));

/** The samples of each distribution, as exps/README.md has them. */
const SAMPLES: Record<string, (outputs: Outputs, noise: Float32Array) => Float32Array> = {
  tanh_gaussian: gaussian(Math.tanh),
  clipped_gaussian: gaussian((value) => Math.max(-1, Math.min(1, value))),
  deterministic: ({ action }) => action,
};

const NAMES = Object.keys(ALGORITHMS) as AlgorithmName[];

function learnerOf(
  name: AlgorithmName,
  place: Partial<LearnerOptions> = {},
  sizes = SIZES,
  options: object = {},
): Promise<Agent> {
  const given = { ...optionsOf(name), ...options };
  return createLearner(algorithmOf(name), given, sizes, { seed: 3, threads: 1, ...place });
}

function algorithmOf(name: AlgorithmName): Algorithm<object> {
  return ALGORITHMS[name];
}

/** The options of an algorithm's small learner: its own, and as narrow networks as it has. */
function optionsOf(name: AlgorithmName): object {
  const { shape } = algorithmOf(name).options;
  const networks = Object.entries(NETWORKS).filter(([option]) => option in shape);
  return { ...Object.fromEntries(networks), ...SUBJECTS[name].options };
}

function phasesOf(name: AlgorithmName): PhaseName[] {
  const algorithm = algorithmOf(name);
  const options = algorithm.options.parse(optionsOf(name));
  return declaredPhases(algorithm.declare(options, SIZES)).map(([phase]) => phase);
}

/** Batches in which every other row ends an episode for good, so that nothing follows there. */
function batchesWithEnds(count: number, seed: number, sizes = SIZES): TransitionBatches {
  const batches = randomBatches(count, seed, sizes);
  batches.discounts.forEach((_, row) => {
    if (row % 2 === 0) batches.discounts[row] = 0;
  });
  return batches;
}

/** The rollouts that a learner makes in its model from random observations, if it has one, and what it says of them. */
async function rolloutsOf(learner: Agent, { observationDim, actionDim }: Sizes) {
  if (!learner.rollouts) return null;
  const sizes = { numEnvs: 1, observationDim, actionDim };
  const data = new ReplayBuffer({ ...sizes, capacity: 30 });
  const { observations, actions, rewards, nextObservations } = randomBatches(5, 6, {
    ...SIZES,
    observationDim,
    actionDim,
  });
  const flags = { terminated: new Uint8Array(30), truncated: new Uint8Array(30) };
  data.add({ observations, actions, rewards, nextObservations, ...flags });
  const into = new ReplayBuffer({ ...sizes, capacity: learner.rollouts.capacity });
  const ends = (_: Float32Array, __: Float32Array, next: Float32Array) =>
    Uint8Array.from({ length: next.length / observationDim }, (_, i) =>
      next[i * observationDim] > 1 ? 1 : 0,
    );
  const judged = await learner.judgeModel(data);
  const made = await learner.imagine(data, into, ends);
  return { judged, made, steps: structuredClone(into.getState()) };
}

/** Everything that a learner did in some updates of each phase. */
async function history(learner: Agent, phases: readonly PhaseName[], seed = 1, sizes = SIZES) {
  const metrics = [];
  for (const phase of phases) {
    // More than are handed to the threads at a time.
    const batches = batchesWithEnds(18, seed, sizes);
    metrics.push(await learner.update(batches, phase, { done: 5, planned: PLANNED }));
  }
  const rollouts = await rolloutsOf(learner, sizes);
  const observations = randomBatches(1, 5, sizes).observations;
  const actions = await actionsOf(learner, observations, 'sample');
  return { metrics, rollouts, actions, lastBatch: learner.lastBatch(), state: await learner.getState() };
}

/** Doubles what a policy makes its actions of until some of those for `observations` reach the bounds. */
async function saturate(learner: Agent, observations: Float32Array): Promise<void> {
  for (let doublings = 0; doublings < 16; doublings++) {
    if (largest(await actionsOf(learner, observations, 'mode')) === 1) return;
    const state = await learner.getState();
    for (const [name, { data }] of Object.entries(state.tensors)) {
      if (name.endsWith('/head/kernel')) data.set(data.map((value) => 2 * value));
    }
    await learner.setState(state);
  }
}

function largest(actions: Float32Array): number {
  return actions.reduce((most, action) => Math.max(most, Math.abs(action)), 0);
}

describe.each(NAMES)('%s', (name) => {
  const phases = phasesOf(name);

  it.each([
    ['an even', SIZES],
    ['an odd', { ...SIZES, batchSize: 7 }],
  ])('gives the same bits on 1, 2, 3 and 5 threads with %s number of rows', async (_, sizes) => {
    const one = await learnerOf(name, {}, sizes);
    const wanted = await history(one, phases, 1, sizes);
    for (const threads of [2, 3, 5]) {
      const many = await learnerOf(name, { threads }, sizes);
      expect(await history(many, phases, 1, sizes), `${threads} threads`).toEqual(wanted);
      await dispose(many);
    }
    await dispose(one);
  });

  it('compiled equals eager after 10 updates of each phase', async () => {
    const [compiled, eager] = [await learnerOf(name), await learnerOf(name, { backend: 'cpu' })];
    for (const phase of phases) {
      const course = { done: 20, planned: PLANNED };
      const metrics = await compiled.update(batchesWithEnds(10, 1), phase, course);
      const wanted = await eager.update(batchesWithEnds(10, 1), phase, course);
      expect(Object.keys(metrics)).toEqual(Object.keys(wanted));
      for (const [key, value] of Object.entries(wanted)) {
        const scale = Math.max(1, Math.abs(value));
        expect(metrics[key] / scale, key).toBeCloseTo(value / scale, 4);
      }
    }
    const worst = await stateDifference(compiled, eager);
    expect(worst.difference, worst.name).toBeLessThan(1e-5);
    await dispose(compiled, eager);
  });

  it('goes on bit for bit from a saved state, also with another number of threads', async () => {
    const [learner, same, other] = [
      await learnerOf(name),
      await learnerOf(name, { seed: 99 }),
      await learnerOf(name, { seed: 98, threads: 3 }),
    ];
    await history(learner, phases);
    const state = structuredClone(await learner.getState());
    const wanted = await history(learner, phases, 2);
    for (const restored of [same, other]) {
      await restored.setState(state);
      expect(await history(restored, phases, 2)).toEqual(wanted);
    }
    await dispose(learner, same, other);
  });

  it('ignores what follows a terminal row, and not what follows a timeout', async () => {
    const batches = batchesWithEnds(3, 1);
    /** The same batches with other next observations and actions after the rows that ended for good, or after the others. */
    const withOthers = (terminal: boolean): TransitionBatches => {
      const others = (column: Float32Array, width: number) =>
        column.map((value, i) => {
          const isTerminal = batches.discounts[Math.floor(i / width)] === 0;
          return isTerminal === terminal ? 3 - 2 * value : value;
        });
      return {
        ...batches,
        nextObservations: others(batches.nextObservations, SIZES.observationDim),
        nextActions: others(batches.nextActions!, SIZES.actionDim),
      };
    };
    const updatedBy = async (given: TransitionBatches) => {
      const learner = await learnerOf(name);
      const metrics = await learner.update(given);
      const state = await learner.getState();
      await dispose(learner);
      return { metrics, state };
    };
    const wanted = await updatedBy(batches);
    expect(await updatedBy(withOthers(true))).toEqual(wanted);
    const moved = await updatedBy(withOthers(false));
    const { bootstraps } = SUBJECTS[name];
    if (!bootstraps) {
      expect(moved).toEqual(wanted);
      return;
    }
    const { metric, weights } = bootstraps;
    for (const { metrics, state } of [moved, wanted]) {
      expect([metrics[metric], state.tensors[weights]]).not.toContain(undefined);
    }
    expect(moved.metrics[metric]).not.toBe(wanted.metrics[metric]);
    expect(moved.state.tensors[weights]).not.toEqual(wanted.state.tensors[weights]);
  });

  it('exports what its samples are made of, by the distribution that it names', async () => {
    const learner = await learnerOf(name);
    await learner.update(batchesWithEnds(5, 1));
    const actionScale = Float32Array.of(2, 0.5);
    const model = writeOnnx(learner.exportPolicy(actionScale), { batchDimension: 'N' });
    const session = await readModel(model);
    const { observations } = randomBatches(1, 5, SIZES);
    const found = await session.run({ observation: new Tensor('float32', observations, [6, 4]) });
    const outputs = Object.fromEntries(
      Object.entries(found).map(([output, { data }]) => [output, data as Float32Array]),
    );
    outputs['action'] = outputs['action'].map((action, i) => action * actionScale[i % 2]);
    const noise = Float32Array.from(outputs['action'], (_, i) => i / 3 - 2);
    const wanted = SAMPLES[learner.distribution](outputs, noise);
    const drawn = await actionsOf(learner, observations, noise);
    drawn.forEach((action, i) => {
      expect(action).toBeCloseTo(wanted[i], 5);
    });
    await session.release();
    await dispose(learner);
  });

  it('never acts beyond the bounds, where tanh of some numbers is rounded to more than 1', async () => {
    const rows = 20_000;
    const learner = await learnerOf(name);
    const observations = Float32Array.from({ length: 4 * rows }, (_, i) => (i / rows) * Math.cos(i));
    learner.setObservationNormalisation(new Float32Array(4), new Float32Array(4).fill(20));
    await saturate(learner, observations);
    const model = writeOnnx(learner.exportPolicy(Float32Array.of(0.5, 2)), { batchDimension: 'N' });
    const session = await readModel(model);
    const found = await session.run({ observation: new Tensor('float32', observations, [rows, 4]) });
    const exported = (found['action'].data as Float32Array).map((action, i) => action * [0.5, 2][i % 2]);
    const noise = Float32Array.from({ length: 2 * rows }, (_, i) => i / rows);
    const modes = await actionsOf(learner, observations, 'mode');
    const samples = await actionsOf(learner, observations, noise);
    for (const actions of [exported, modes, samples]) {
      expect(largest(actions)).toBe(1);
    }
    await session.release();
    await dispose(learner);
  });

  it('exports the policy that it acts by, for any number of observations', async () => {
    const learner = await learnerOf(name);
    for (const phase of phases) await learner.update(batchesWithEnds(5, 1), phase);
    learner.setObservationNormalisation(new Float32Array(4).fill(0.3), new Float32Array(4).fill(1.5));
    const actionScale = Float32Array.of(2, 0.5);
    const model = writeOnnx(learner.exportPolicy(actionScale), { batchDimension: 'N' });
    const session = await readModel(model);
    for (const rows of [1, 3, 6]) {
      const observations = randomBatches(1, 5, SIZES).observations.slice(0, rows * SIZES.observationDim);
      const wanted = await actionsOf(learner, observations, 'mode');
      const found = await session.run({
        observation: new Tensor('float32', observations, [rows, SIZES.observationDim]),
      });
      for (const [output, { dims }] of Object.entries(found)) expect(dims, output).toEqual([rows, 2]);
      const actions = found['action'].data as Float32Array;
      wanted.forEach((action, i) => {
        expect(actions[i] * actionScale[i % 2]).toBeCloseTo(action, 5);
      });
    }
    await session.release();
    await dispose(learner);
  });

  it('refuses a state of another algorithm, naming both, and keeps its own', async () => {
    const other = NAMES[(NAMES.indexOf(name) + 1) % NAMES.length];
    const [learner, stranger] = [await learnerOf(name), await learnerOf(other)];
    const before = await learner.getState();
    await expect(learner.setState(await stranger.getState())).rejects.toThrow(
      `the saved state is one of the algorithm ${other}, and this agent learns by ${name}`,
    );
    expect(await learner.getState()).toEqual(before);
    await dispose(learner, stranger);
  });

  it('refuses options that make no sense, naming them', async () => {
    const keys = Object.keys(algorithmOf(name).options.parse({}));
    const critics = ['numQs', 'tau', 'criticFeatures', 'criticLearningRate'];
    const expected = ['actorFeatures', 'actorLearningRate'];
    if (SUBJECTS[name].bootstraps === BY_CRITICS) expected.push(...critics);
    expect(keys).toEqual(expect.arrayContaining(expected));
    const refused = (options: object) => expect(learnerOf(name, {}, SIZES, options)).rejects;
    for (const key of keys) {
      const values: unknown[] = ['nonsense', Number.NaN, []];
      if (/^numQs$|^tau$|Features$/.test(key)) values.push(0);
      if (key.endsWith('LearningRate')) values.push(-1, 0);
      for (const value of values) await refused({ [key]: value }).toThrow(`${name}: ${key}: `);
    }
    await refused({ numCritics: 2 }).toThrow(/numCritics/);
  });

  it('says of what paper it is', () => {
    expect(ALGORITHMS[name].name).toBe(name);
    expect(ALGORITHMS[name].paper).toMatch(/^\S.+ \d{4}, (arXiv \d{4}\.\d{5}|doi 10\.\d{4}\/\S+)$/);
  });
});
