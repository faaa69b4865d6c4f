import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../../src/algorithms/registry.js';
import { ReplayBuffer } from '../../src/buffers/replay_buffer.js';
import { allocateBatches, type TransitionBatches } from '../../src/buffers/transitions.js';
import type { Agent } from '../../src/learner/agent.js';
import type { Algorithm, PhaseName } from '../../src/learner/algorithm.js';
import { createLearner } from '../../src/learner/learner.js';
import { RandomStream } from '../../src/rng.js';
import { actionsOf, dispose } from '../src/learner/support.js';
import { conservativeAnswer } from './conservative_answer.js';

type AlgorithmName = keyof typeof ALGORITHMS;

/** One state, in which every action ends the episode, and the results that an algorithm must reach. */
interface Bandit {
  title: string;
  options: object;
  phase: PhaseName;
  /** Rows of batches that are data; none if left out. */
  dataRows?: number;
  draw(stream: RandomStream): number;
  reward(action: number): number;
  /** The return that a row says was had; the reward if left out. */
  returned?(action: number): number;
  wanted: {
    mode: number;
    /** The standard deviation of the actions. */
    deviation?: number;
    /** The value that IQL has for the state. */
    value?: number;
    /** The values that critics give to the actions in the data, less their rewards, on average. */
    bias?: number;
  };
}

const SIZES = { observationDim: 1, actionDim: 1, batchSize: 32 };
const UPDATES = 1200;
const RATES = { actorLearningRate: 3e-3, criticLearningRate: 3e-3 };

/** Rewards −(a − 0.4)² for actions from everywhere. */
const HILL = {
  draw: (stream: RandomStream) => stream.uniform(-1, 1),
  reward: (action: number) => -((action - 0.4) ** 2),
};

/** Rewards −|a − 0.4|, whose highest point is clear to critics that are not quite right. */
const TENT = {
  draw: (stream: RandomStream) => stream.uniform(-1, 1),
  reward: (action: number) => -Math.abs(action - 0.4),
};

/** Rewards 1 for the action 0.5 and 0 for −0.5. A quarter of the drawn actions are 0.5. */
const TWO = {
  draw: (stream: RandomStream) => (stream.uniform() < 0.25 ? 0.5 : -0.5),
  reward: (action: number) => (action > 0 ? 1 : 0),
};

/** Rewards 1 for the action 0.9 and 0 for −0.9, of which each is drawn as often. */
const EVEN = {
  draw: (stream: RandomStream) => (stream.uniform() < 0.5 ? 0.9 : -0.9),
  reward: (action: number) => (action > 0 ? 1 : 0),
};

const temperature = 0.02;

/** The policy of most reward and entropy is proportional to exp(r / α): on the hill, normal with variance α / 2. */
const softPolicy: Bandit = {
  title: 'comes to the policy that weighs reward and entropy',
  options: { ...RATES, tau: 1, initialTemperature: temperature, learnableTemperature: false },
  phase: 'online',
  ...HILL,
  wanted: { mode: 0.4, deviation: Math.sqrt(temperature / 2) },
};

/** Rewards ten times those of `HILL`, which make a hill for a temperature of 1. */
const STEEP = { draw: HILL.draw, reward: (action: number) => 10 * HILL.reward(action) };

const conservativeWeight = 4;

const cqlOptions = {
  ...RATES,
  tau: 1,
  conservativeWeight,
  initialTemperature: 1,
  learnableTemperature: false,
};

const iqlOptions = { ...RATES, valueLearningRate: 3e-3, tau: 1 };

/**
 * Rewards 2 + a for actions from everywhere, of which the mean is 0: where (π − 0)² − α·Q / mean|Q| is least by π, with the mean as
 * a constant, 2π = α / (2 + π).
 */
const SLOPE = {
  draw: (stream: RandomStream) => stream.uniform(-1, 1),
  reward: (action: number) => 2 + action,
};

const onSlope = (alpha: number) => Math.sqrt(1 + alpha / 2) - 1;

const td3Rates = { actorLearningRate: 1e-3, criticLearningRate: 3e-3 };

/** Share of the better action of `TWO` if it counts exp(β) times the other. */
const share = (inverseTemperature: number) => 1 / (1 + 3 * Math.exp(-inverseTemperature));

const vaeOptions = { vaeFeatures: [32], vaeLearningRate: 3e-3, numSamples: 2, numCandidates: 20 };

const bearOptions = { ...RATES, ...vaeOptions, penaltyLearningRate: 0.03, warmupSteps: 0 };

const uwacOptions = {
  ...bearOptions,
  kernelWidth: 20,
  matchThreshold: 0.1,
  penaltyLearningRate: 0.003,
  numPasses: 5,
};

const crrOptions = { ...RATES, tau: 1 };

const awacOptions = { ...RATES, tau: 1, logStdMin: -2 };

const awrOptions = { actorLearningRate: 3e-3, valueLearningRate: 3e-3, refreshSteps: 400 };

const awrShare = share(4 / Math.sqrt(3));

const BANDITS: Record<AlgorithmName, Bandit[]> = {
  rlpd: [
    softPolicy,
    {
      title: 'clones the mean of the data',
      options: { cloneLearningRate: 3e-3 },
      phase: 'clone',
      ...TWO,
      wanted: { mode: -0.25, deviation: 0 },
    },
  ],
  sac: [softPolicy],
  sac_n: [{ ...softPolicy, options: { ...softPolicy.options, numQs: 5 } }],
  iql: [
    {
      title: 'weighs the actions in the data by exp(β·A), around an expectile of their rewards',
      options: { ...iqlOptions, expectile: 0.7, inverseTemperature: 3 },
      phase: 'online',
      ...TWO,
      wanted: {
        mode: share(3) - 0.5,
        deviation: Math.sqrt(share(3) * (1 - share(3))),
        value: (0.7 * 0.25) / (0.7 * 0.25 + 0.3 * 0.75),
      },
    },
    {
      title: 'with β = 0 and κ = 0.5 comes to the mean action and the mean reward',
      options: { ...iqlOptions, expectile: 0.5, inverseTemperature: 0 },
      phase: 'online',
      ...TWO,
      wanted: { mode: -0.25, value: 0.25 },
    },
    {
      title: 'with a large β comes to the best action in the data, and no further',
      options: { ...iqlOptions, inverseTemperature: 10 },
      phase: 'online',
      ...TWO,
      wanted: { mode: 0.5 },
    },
  ],
  bc: [
    {
      title: 'clones the mean of the data by squared errors',
      options: { actorLearningRate: 3e-3 },
      phase: 'offline',
      ...TWO,
      wanted: { mode: -0.25, deviation: 0 },
    },
    {
      title: 'clones mean and deviation of the data by likelihood',
      options: { actorLearningRate: 3e-3, nll: true },
      phase: 'offline',
      ...TWO,
      wanted: { mode: -0.25, deviation: Math.sqrt(0.25 * 0.75) },
    },
  ],
  awac: [
    {
      title: 'weighs the actions in the data by the softmax of A/λ',
      options: { ...awacOptions, temperature: 0.5 },
      phase: 'online',
      ...TWO,
      wanted: { mode: share(2) - 0.5, deviation: Math.sqrt(share(2) * (1 - share(2))) },
    },
    {
      title: 'with a large λ comes to the mean action',
      options: { ...awacOptions, temperature: 1000 },
      phase: 'online',
      ...TWO,
      wanted: { mode: -0.25, deviation: Math.sqrt(3) / 4 },
    },
    {
      title: 'with a small λ comes to the best action in the data, and no further',
      options: { ...awacOptions, temperature: 0.1 },
      phase: 'online',
      ...TWO,
      wanted: { mode: 0.5 },
    },
  ],
  crr: [
    {
      // A policy of deviation σ clones what is nearer than σ to the best action, and narrows to σ / √3.
      title: 'clones only the actions that are better than its own, until none are',
      options: crrOptions,
      phase: 'online',
      ...HILL,
      wanted: { mode: 0.4, deviation: 0 },
    },
    {
      title: 'weighs them by exp(A/β) if asked to',
      options: { ...crrOptions, weights: 'exp', temperature: 0.5 },
      phase: 'online',
      ...TWO,
      wanted: { mode: share(2) - 0.5, deviation: Math.sqrt(share(2) * (1 - share(2))) },
    },
    {
      title: 'with a large β comes to the mean action',
      options: { ...crrOptions, weights: 'exp', temperature: 1000, baseline: 'max' },
      phase: 'online',
      ...TWO,
      wanted: { mode: -0.25, deviation: Math.sqrt(3) / 4 },
    },
  ],
  awr: [
    {
      // Rewards have the deviation √3 / 4.
      title: 'weighs the actions in the data by exp(A/β) of standardised advantages',
      options: awrOptions,
      phase: 'online',
      ...TWO,
      wanted: { mode: awrShare - 0.5, deviation: Math.sqrt(awrShare * (1 - awrShare)) },
    },
    {
      title: 'does so whatever the scale of rewards',
      options: awrOptions,
      phase: 'online',
      draw: TWO.draw,
      reward: (action) => 1000 * TWO.reward(action),
      wanted: { mode: awrShare - 0.5 },
    },
    {
      title: 'with a large β comes to the mean action',
      options: { ...awrOptions, temperature: 1000 },
      phase: 'online',
      ...TWO,
      wanted: { mode: -0.25, deviation: Math.sqrt(3) / 4 },
    },
    {
      title: 'with a small β comes to the best action in the data, and no further',
      options: { ...awrOptions, temperature: 0.2, maxWeight: 10_000 },
      phase: 'online',
      ...TWO,
      wanted: { mode: 0.5 },
    },
  ],
  td3_bc: [
    {
      title: 'with α = 0 clones the mean of the data',
      options: { ...td3Rates, alpha: 0 },
      phase: 'online',
      ...TWO,
      wanted: { mode: -0.25, deviation: 0 },
    },
    {
      title: 'with a large α comes to the best action',
      options: { ...td3Rates, alpha: 1000 },
      phase: 'online',
      ...TENT,
      wanted: { mode: 0.4 },
    },
    {
      title: 'comes to where the pull of values and of the data are equal',
      options: { ...td3Rates, alpha: 1 },
      phase: 'online',
      ...SLOPE,
      wanted: { mode: onSlope(1) },
    },
  ],
  rebrac: [
    {
      title: 'with a large β₁ clones the mean of the data',
      options: { ...td3Rates, actorBcWeight: 1000 },
      phase: 'online',
      ...TWO,
      wanted: { mode: -0.25, deviation: 0 },
    },
    {
      title: 'with β₁ = 0 comes to the best action',
      options: { ...td3Rates, actorBcWeight: 0 },
      phase: 'online',
      ...TENT,
      wanted: { mode: 0.4 },
    },
    {
      title: 'comes to where the pull of values and of the data are equal',
      options: { ...td3Rates, actorBcWeight: 0.5 },
      phase: 'online',
      ...SLOPE,
      wanted: { mode: onSlope(2) },
    },
  ],
  cql: [
    {
      title:
        'comes to a policy that is wider by what its critics take from likely actions and give to others',
      options: cqlOptions,
      phase: 'online',
      ...STEEP,
      wanted: { mode: 0.4, ...conservativeAnswer(STEEP.reward, conservativeWeight, () => -Infinity) },
    },
    {
      title: 'clones the mean of the data before tanh in its first steps, however they are rewarded',
      options: { ...cqlOptions, initialTemperature: 0.02, bcSteps: UPDATES },
      phase: 'online',
      ...TWO,
      wanted: { mode: Math.tanh(-Math.atanh(0.5) / 2) },
    },
  ],
  cal_ql: [
    {
      title: 'takes less from actions that are valued lower than the returns in the data',
      options: cqlOptions,
      phase: 'online',
      ...STEEP,
      wanted: { mode: 0.4, ...conservativeAnswer(STEEP.reward, conservativeWeight, STEEP.reward) },
    },
    {
      title:
        'takes nothing from any where returns are far above all values, and so comes to the policy of SAC',
      options: cqlOptions,
      phase: 'online',
      ...STEEP,
      returned: () => 10,
      wanted: { mode: 0.4, deviation: Math.sqrt(1 / 20), bias: conservativeWeight / 2 },
    },
  ],
  bcq: [
    {
      title: 'comes to the better one of two actions in the data, not to what lies between them',
      options: { ...RATES, ...vaeOptions, maxPerturbation: 0 },
      phase: 'online',
      ...EVEN,
      wanted: { mode: 0.9, deviation: 0 },
    },
    {
      // Actions so near to each other are all the same to the generative network.
      title: "moves the data's action as far as it may to where values rise",
      options: { ...RATES, ...vaeOptions, maxPerturbation: 0.3 },
      phase: 'online',
      draw: (stream) => stream.uniform(-0.2, 0.2),
      reward: SLOPE.reward,
      wanted: { mode: 0.3, deviation: 0 },
    },
  ],
  bear: [
    {
      title: 'clones the only action in the data as long as it does nothing but come near them',
      options: { ...bearOptions, warmupSteps: UPDATES },
      phase: 'online',
      draw: () => -0.3,
      reward: SLOPE.reward,
      wanted: { mode: -0.3 },
    },
    {
      title: 'without a bound comes to the best action',
      options: { ...bearOptions, matchThreshold: 10, penaltyLearningRate: 0.1 },
      phase: 'online',
      ...TENT,
      wanted: { mode: 0.4 },
    },
    {
      // The kernel is 1 − (x − y)²/2σ for small distances, so the discrepancy is the distance of the means / √σ.
      title: 'goes as far towards higher values as the discrepancy may be',
      options: {
        ...bearOptions,
        kernel: 'gaussian',
        kernelWidth: 20,
        matchThreshold: 0.1,
        penaltyLearningRate: 0.003,
      },
      phase: 'online',
      draw: (stream) => stream.uniform(-0.2, 0.2),
      reward: SLOPE.reward,
      wanted: { mode: Math.tanh(0.1 * Math.sqrt(20)) },
    },
  ],
  uwac: [
    {
      title: 'with a large β climbs nothing that its critics are not certain of, and so clones the data',
      options: { ...uwacOptions, beta: 1e6 },
      phase: 'online',
      draw: (stream) => stream.uniform(-0.2, 0.2),
      reward: SLOPE.reward,
      wanted: { mode: 0 },
    },
    {
      title: 'with β = 0 goes as far towards higher values as the discrepancy may be, as BEAR',
      options: { ...uwacOptions, beta: 0 },
      phase: 'online',
      draw: (stream) => stream.uniform(-0.2, 0.2),
      reward: SLOPE.reward,
      wanted: { mode: Math.tanh(0.1 * Math.sqrt(20)) },
    },
  ],
  // With one entry of actions, slopes have no direction to turn to.
  edac: [{ ...softPolicy, options: { ...softPolicy.options, numQs: 5, diversityWeight: 5 } }],
  // On rows that are given; where they are rollouts, by what the model says: test/src/algorithms/mopo.test.ts.
  mopo: [{ ...softPolicy, phase: 'offline' }],
  // How often it draws which transition: test/src/training/phases/balance.test.ts.
  bred: [
    {
      ...softPolicy,
      title: 'comes to a mixture that weighs reward and entropy',
      options: { ...softPolicy.options, numPairs: 2 },
    },
    {
      title: 'comes to the policy of CQL from data alone, by each pair',
      options: { ...cqlOptions, numPairs: 2, offlineActorLearningRate: 3e-3 },
      phase: 'offline',
      ...STEEP,
      wanted: { mode: 0.4, ...conservativeAnswer(STEEP.reward, conservativeWeight, () => -Infinity) },
    },
  ],
  combo: [
    {
      title: 'comes to the policy of CQL where rollouts are like the data',
      options: cqlOptions,
      phase: 'offline',
      dataRows: SIZES.batchSize / 2,
      ...STEEP,
      wanted: { mode: 0.4, ...conservativeAnswer(STEEP.reward, conservativeWeight, () => -Infinity) },
    },
  ],
};

/** Updates on what a bandit gives; by way of a buffer if the algorithm makes columns of all data. */
async function learn(learner: Agent, bandit: Bandit, updates: number): Promise<void> {
  const batches = batchesOf(bandit, updates, learner);
  if (learner.updatesUntilRefresh === Number.POSITIVE_INFINITY) {
    await learner.update(batches, bandit.phase, { done: 0, planned: updates });
    return;
  }
  const rows = batches.rewards.length;
  const data = new ReplayBuffer({ capacity: rows, numEnvs: 1, observationDim: 1, actionDim: 1 });
  data.add({ ...batches, terminated: new Uint8Array(rows).fill(1), truncated: new Uint8Array(rows) });
  const { batchSize } = SIZES;
  for (let made = 0; made < updates; ) {
    await learner.refresh([data], 0.9);
    const count = Math.min(learner.updatesUntilRefresh, updates - made);
    const part = allocateBatches(count, batchSize, 0, 1, 1, learner.columns);
    const drawn = Int32Array.from({ length: count * batchSize }, (_, i) => made * batchSize + i);
    data.copyInto(part, 0, drawn, 1, 0.9);
    await learner.update(part, bandit.phase, { done: made, planned: updates });
    made += count;
  }
}

function batchesOf(
  { dataRows = 0, draw, reward, returned = reward }: Bandit,
  updates: number,
  { columns }: Agent,
): TransitionBatches {
  const batches = allocateBatches(updates, SIZES.batchSize, dataRows, 1, 1, columns);
  const stream = new RandomStream(1);
  batches.observations.fill(1);
  batches.nextObservations.fill(1);
  batches.actions.forEach((_, i) => {
    batches.actions[i] = draw(stream);
    batches.rewards[i] = reward(batches.actions[i]);
  });
  batches.intendedActions?.set(batches.actions);
  batches.returnsToGo?.set(batches.actions.map(returned));
  return batches;
}

async function actionStatistics(learner: Agent) {
  const count = 1000;
  const actions = await actionsOf(learner, new Float32Array(count).fill(1), 'sample');
  const mean = actions.reduce((sum, action) => sum + action, 0) / count;
  const variance = actions.reduce((sum, action) => sum + (action - mean) ** 2, 0) / count;
  const [mode] = await actionsOf(learner, Float32Array.of(1), 'mode');
  return { mode, deviation: Math.sqrt(variance) };
}

describe.each(Object.entries(BANDITS))('%s, where the right answer is known,', (name, bandits) => {
  it.each(bandits.map((bandit) => [bandit.title, bandit] as const))('%s', async (_, bandit) => {
    const algorithm: Algorithm<object> = ALGORITHMS[name as AlgorithmName];
    const { shape } = algorithm.options;
    const networks = Object.entries({ actorFeatures: [16], criticFeatures: [32] });
    const own = Object.fromEntries(networks.filter(([option]) => option in shape));
    const options = { ...own, ...bandit.options };
    const learner = await createLearner(algorithm, options, SIZES, { seed: 1, threads: 1 });
    await learn(learner, bandit, UPDATES);
    const { mode, deviation } = await actionStatistics(learner);
    const { wanted } = bandit;
    expect(Math.abs(mode - wanted.mode), `mode ${mode}`).toBeLessThan(0.06);
    if (wanted.deviation !== undefined) {
      expect(Math.abs(deviation - wanted.deviation), `deviation ${deviation}`).toBeLessThan(0.05);
    }
    if (wanted.value !== undefined) {
      const { q, advantage } = await learner.update(batchesOf(bandit, 30, learner), bandit.phase);
      // The advantage is how much more the critics say.
      expect(Math.abs(q - advantage - wanted.value), `value ${q - advantage}`).toBeLessThan(0.03);
    }
    if (wanted.bias !== undefined) {
      const { q, target_q: reward } = await learner.update(batchesOf(bandit, 30, learner), bandit.phase);
      expect(Math.abs(q - reward - wanted.bias), `bias ${q - reward}`).toBeLessThan(0.1);
    }
    await dispose(learner);
  });
});
