import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TerminationFunction } from '../../../envs/definition.js';
import { type MopoOptions, mopo } from '../../../src/algorithms/mopo.js';
import { sac } from '../../../src/algorithms/sac.js';
import { rowsForModels } from '../../../src/buffers/model_rows.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import { SymmetricSampler } from '../../../src/buffers/symmetric_sampler.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';
import type { Agent } from '../../../src/learner/agent.js';
import { createLearner, type LearnerOptions } from '../../../src/learner/learner.js';
import { namedStream, RandomStream } from '../../../src/rng.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  SEED,
  SMALL,
  SMALL_NETWORKS,
  stateDifference,
} from '../learner/support.js';

const SMALL_MODEL = { modelFeatures: [10, 8], numModels: 3, numElites: 2, numRollouts: 20, rolloutSteps: 3 };

function learnerOf(options: Partial<MopoOptions> = {}, sizes = SMALL, place: Partial<LearnerOptions> = {}) {
  const given = { ...SMALL_NETWORKS, ...SMALL_MODEL, ...options };
  return createLearner(mopo, given, sizes, { seed: SEED, threads: 1, ...place });
}

function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`../../fixtures/reference/${name}.json`, import.meta.url), 'utf8'));
}

/** Transitions in rows one after another, each an episode that was cut off. */
function bufferOf(
  columns: Record<'observations' | 'actions' | 'rewards' | 'nextObservations', ArrayLike<number>>,
  { observationDim, actionDim } = SMALL,
): ReplayBuffer {
  const rows = columns.rewards.length;
  const buffer = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim, actionDim });
  buffer.add({
    observations: Float32Array.from(columns.observations),
    actions: Float32Array.from(columns.actions),
    rewards: Float32Array.from(columns.rewards),
    nextObservations: Float32Array.from(columns.nextObservations),
    terminated: new Uint8Array(rows),
    truncated: new Uint8Array(rows).fill(1),
  });
  return buffer;
}

function emptyBuffer(learner: Agent): ReplayBuffer {
  const { observationDim, actionDim, rollouts } = learner;
  return new ReplayBuffer({ capacity: rollouts!.capacity, numEnvs: 1, observationDim, actionDim });
}

const never: TerminationFunction = (_, __, { length }) => new Uint8Array(length / SMALL.observationDim);

describe('the randomness that the reference of rollouts was made with', () => {
  it('is what the named streams still give', () => {
    const { seed, rollouts, batches } = fixture('mopo_model_inputs');
    const [states, actions, outcomes, members] = (
      ['imagined-states', 'imagined-actions', 'imagined-outcomes', 'imagined-members'] as const
    ).map((name) => namedStream(seed, name));
    const filled = (stream: RandomStream, { length }: number[]) => {
      const numbers = new Float32Array(length);
      stream.fillNormal(numbers);
      return [...numbers];
    };
    expect(rollouts.states.map(() => states.integer(batches.rewards.length))).toEqual(rollouts.states);
    for (const { actionNoise, noise, elites } of rollouts.steps) {
      expect(filled(actions, actionNoise)).toEqual(actionNoise);
      expect(filled(outcomes, noise)).toEqual(noise);
      expect(elites.map(() => members.integer(2))).toEqual(elites);
    }
  });
});

describe.each(['compiled', 'cpu'])('rollouts on the %s backend, against NumPy', (backend) => {
  it('choose the members of the least error, and have its observations, actions and penalised rewards', async () => {
    const { seed, sizes, options, batches } = fixture('mopo_model_inputs');
    const wanted = fixture('mopo_rollouts_expected');
    const learner = await createLearner(mopo, options, sizes, { seed, threads: 1, backend });
    learner.setObservationNormalisation(Float32Array.from(wanted.mean), Float32Array.from(wanted.scale));
    const data = bufferOf(batches, sizes);
    const { error } = await learner.judgeModel(data);
    expect(error).toBeCloseTo(wanted.error, 5);
    const into = emptyBuffer(learner);
    const none: TerminationFunction = (_, __, { length }) => new Uint8Array(length / sizes.observationDim);
    const { imagined_doubt: doubt, imagined_end_rate: ends } = await learner.imagine(data, into, none);
    expect([doubt, ends]).toEqual([expect.closeTo(wanted.doubt, 5), 0]);
    const { size, chunks } = into.getState();
    expect(size).toBe(15);
    for (const column of ['observations', 'actions', 'rewards', 'nextObservations'] as const) {
      const numbers: number[] = wanted[column];
      expect(chunks[0][column].length).toBe(numbers.length);
      numbers.forEach((number, i) => {
        expect(chunks[0][column][i], `${column} ${i}`).toBeCloseTo(number, 4);
      });
    }
    await dispose(learner);
  });
});

describe('updates of the phase offline', () => {
  it('are those of SAC, so that on data alone nothing else is left', async () => {
    const learner = await learnerOf({ actorLearningRate: 3e-4, penaltyWeight: 0, realShare: 1 });
    const plain = await createLearner(sac, SMALL_NETWORKS, SMALL, { seed: SEED, threads: 1 });
    expect(await learner.update(randomBatches(20))).toEqual(await plain.update(randomBatches(20)));
    expect((await stateDifference(plain, learner)).difference).toBe(0);
    await dispose(learner, plain);
  });
});

describe('rollouts', () => {
  it('end where the task does, and are told from those that are cut off', async () => {
    const learner = await learnerOf();
    const data = bufferOf(randomBatches(5));
    const into = emptyBuffer(learner);
    const ends: TerminationFunction = (_, __, next) =>
      Uint8Array.from({ length: next.length / 6 }, (_, i) => (next[6 * i] > 0 ? 1 : 0));
    const { imagined_end_rate: rate } = await learner.imagine(data, into, ends);
    const rows = Array.from({ length: into.size }, (_, row) => row);
    const first = (row: number) => into.getState().chunks[0].nextObservations[6 * row];
    expect(rows.map((row) => into.isTerminated(row))).toEqual(rows.map((row) => first(row) > 0));
    expect(rows.every((row) => into.following(row) === -1)).toBe(true);
    const ended = rows.filter((row) => into.isTerminated(row)).length;
    expect([rate, ended > 0]).toEqual([ended / 20, true]);
    expect(into.size).toBeLessThan(60);
    // Each step of those that go on begins where the one before it ended.
    const { observations, nextObservations } = into.getState().chunks[0];
    const goingOn = rows.slice(0, 20).filter((row) => !into.isTerminated(row));
    goingOn.forEach((row, i) => {
      const from = observations.subarray(6 * (20 + i), 6 * (21 + i));
      expect(from).toEqual(nextObservations.subarray(6 * row, 6 * (row + 1)));
    });
    await dispose(learner);
  });

  it('are due before the first update and after as many as are asked for, and the last times are kept', async () => {
    const learner = await learnerOf({ rolloutFreq: 7, rolloutsKept: 2 });
    const [data, into] = [bufferOf(randomBatches(5)), emptyBuffer(learner)];
    const sizes = [];
    for (let time = 0; time < 3; time++) {
      expect(learner.rollouts).toMatchObject({ updatesLeft: 0, capacity: 120 });
      await learner.imagine(data, into, never);
      sizes.push(into.size);
      await learner.update(randomBatches(3), 'model');
      await learner.update(randomBatches(5));
      expect(learner.rollouts!.updatesLeft).toBe(2);
      await learner.update(randomBatches(2));
    }
    expect(sizes).toEqual([60, 120, 120]);
    await dispose(learner);
  });

  it('are penalised by the doubt of the most doubtful member', async () => {
    const rewards = async (penaltyWeight: number) => {
      const learner = await learnerOf({ penaltyWeight });
      const metrics = await learner.imagine(bufferOf(randomBatches(5)), emptyBuffer(learner), never);
      await dispose(learner);
      return metrics;
    };
    const [free, penalised] = [await rewards(0), await rewards(2)];
    expect(penalised['imagined_doubt']).toBe(free['imagined_doubt']);
    const wanted = free['imagined_reward'] - 2 * free['imagined_doubt'];
    expect(penalised['imagined_reward']).toBeCloseTo(wanted, 4);
  });

  it('need an algorithm with a model, which sees observations as they are', async () => {
    const plain = await createLearner(sac, SMALL_NETWORKS, SMALL, { seed: SEED, threads: 1 });
    expect(plain.rollouts).toBeNull();
    const data = bufferOf(randomBatches(1));
    expect(() => plain.judgeModel(data)).toThrow('sac has no model of the environment');
    expect(() => plain.imagine(data, data, never)).toThrow('sac has no model of the environment');
    await dispose(plain);
    const view = { seenDim: 7, write: () => {}, apply: (x: never) => x };
    await expect(learnerOf({}, SMALL, { view })).rejects.toThrow(
      "mopo models observations as they are: it can't have another view of them",
    );
  });
});

/** Numbers of a linear system with noise: s′ = s + 0.3·a + noise of 0.1, r = 2s + noise of 0.5; s from −1 to 1. */
function linearSystem(rows: number): ReplayBuffer {
  const stream = new RandomStream(5);
  const observations = Array.from({ length: rows }, () => stream.uniform(-1, 1));
  const actions = observations.map(() => stream.uniform(-1, 1));
  const nextObservations = observations.map((s, i) => s + 0.3 * actions[i] + 0.1 * stream.normal());
  const rewards = observations.map((s) => 2 * s + 0.5 * stream.normal());
  return bufferOf({ observations, actions, rewards, nextObservations }, LINE);
}

const LINE = { observationDim: 1, actionDim: 1, batchSize: 64 };

async function learnModel(learner: Agent, data: ReplayBuffer, updates: number): Promise<void> {
  const sampler = new SymmetricSampler({
    online: null,
    demos: data,
    discount: 0.9,
    nSteps: 1,
    augmentation: null,
    seed: 2,
  });
  const batches = allocateBatches(updates, LINE.batchSize, LINE.batchSize, 1, 1);
  sampler.fillForModel(batches);
  await learner.update(batches, 'model');
}

describe('in a linear system with noise', () => {
  it('the model finds means and deviations, and rollouts have them', async () => {
    const learner = await learnerOf(
      { modelFeatures: [24], modelLearningRate: 3e-3, numRollouts: 4000, rolloutSteps: 1, penaltyWeight: 0 },
      LINE,
    );
    const data = linearSystem(4000);
    await learnModel(learner, data, 1500);
    // The rest is noise: the mean of 0.1² and 0.5².
    expect(Math.abs((await learner.judgeModel(data))['error'] - 0.13)).toBeLessThan(0.015);
    const into = emptyBuffer(learner);
    const none: TerminationFunction = (_, __, next) => new Uint8Array(next.length);
    const { imagined_doubt: doubt } = await learner.imagine(data, into, none);
    expect(Math.abs(doubt - Math.hypot(0.1, 0.5))).toBeLessThan(0.05);
    const { observations, actions, rewards, nextObservations } = into.getState().chunks[0];
    const moments = (values: Float32Array) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return [mean, Math.sqrt(variance)];
    };
    const surprises = nextObservations.map((next, i) => next - observations[i] - 0.3 * actions[i]);
    const rewardSurprises = rewards.map((reward, i) => reward - 2 * observations[i]);
    for (const [values, deviation] of [
      [surprises, 0.1],
      [rewardSurprises, 0.5],
    ] as const) {
      const [mean, found] = moments(values);
      expect(Math.abs(mean)).toBeLessThan(0.15 * deviation);
      expect(Math.abs(found - deviation)).toBeLessThan(0.15 * deviation);
    }
    await dispose(learner);
  });

  it('the members are judged by what they did not learn from', async () => {
    const learner = await learnerOf({ modelFeatures: [24] }, LINE);
    const data = linearSystem(1000);
    await learnModel(learner, data, 100);
    const { error } = await learner.judgeModel(data);
    // Other rewards in the rows that are learnt from change nothing.
    const { observations, actions, rewards, nextObservations } = data.getState().chunks[0];
    const withOther = (kind: 'learnt' | 'held') => {
      const others = rewards.slice();
      for (const row of rowsForModels(data)[kind]) others[row] = 9;
      return bufferOf({ observations, actions, rewards: others, nextObservations }, LINE);
    };
    expect((await learner.judgeModel(withOther('learnt')))['error']).toBe(error);
    expect((await learner.judgeModel(withOther('held')))['error']).toBeGreaterThan(10);
    await dispose(learner);
  });
});

describe('where rewards rise with the action, and their noise more so,', () => {
  /** The action that a policy comes to in one state, in which every action ends the episode. */
  async function modeAt(penaltyWeight: number): Promise<number> {
    const learner = await learnerOf(
      {
        modelFeatures: [24],
        modelLearningRate: 3e-3,
        actorFeatures: [16],
        criticFeatures: [32],
        actorLearningRate: 3e-3,
        criticLearningRate: 3e-3,
        initialTemperature: 0.02,
        learnableTemperature: false,
        numRollouts: 1000,
        rolloutSteps: 1,
        rolloutFreq: 100,
        realShare: 0,
        penaltyWeight,
      },
      LINE,
    );
    const stream = new RandomStream(1);
    const rows = 2000;
    const still = new Float32Array(rows).fill(1);
    const actions = still.map(() => stream.uniform(-1, 1));
    const rewards = actions.map((a) => 0.5 * a + 0.3 * Math.exp(1.2 * a) * stream.normal());
    const data = bufferOf({ observations: still, actions, rewards, nextObservations: still }, LINE);
    await learnModel(learner, data, 1500);
    await learner.judgeModel(data);
    const into = emptyBuffer(learner);
    const ends: TerminationFunction = (_, __, next) => new Uint8Array(next.length).fill(1);
    const sampler = new SymmetricSampler({
      online: into,
      demos: data,
      discount: 0.9,
      nSteps: 1,
      augmentation: null,
      seed: 3,
    });
    for (let time = 0; time < 10; time++) {
      await learner.imagine(data, into, ends);
      const batches = allocateBatches(100, LINE.batchSize, 0, 1, 1);
      sampler.fill(batches);
      await learner.update(batches);
    }
    const [mode] = await actionsOf(learner, Float32Array.of(1), 'mode');
    await dispose(learner);
    return mode;
  }

  it('the policy goes to the best action without a penalty, and to the best of the penalised with one', async () => {
    // The a at which 0.5·a − λ·0.3·exp(1.2·a) is highest.
    expect(await modeAt(0)).toBeGreaterThan(0.8);
    const mode = await modeAt(2);
    expect(Math.abs(mode - Math.log(0.5 / 0.72) / 1.2), `mode ${mode}`).toBeLessThan(0.1);
  });
});
