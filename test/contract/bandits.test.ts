import { describe, expect, it } from 'vitest';
import { ALGORITHMS } from '../../src/algorithms/registry.js';
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
    /** How much higher the critics value the actions in the data than they are rewarded. */
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

/** Rewards 1 for the action 0.5 and 0 for −0.5. A quarter of the drawn actions are 0.5. */
const TWO = {
  draw: (stream: RandomStream) => (stream.uniform() < 0.25 ? 0.5 : -0.5),
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

/** Share of the better action of `TWO` if it counts exp(β) times the other. */
const share = (inverseTemperature: number) => 1 / (1 + 3 * Math.exp(-inverseTemperature));

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
};

function batchesOf({ draw, reward, returned = reward }: Bandit, updates: number): TransitionBatches {
  const batches = allocateBatches(updates, SIZES.batchSize, 0, 1, 1, ['returnsToGo']);
  const stream = new RandomStream(1);
  batches.observations.fill(1);
  batches.nextObservations.fill(1);
  batches.actions.forEach((_, i) => {
    batches.actions[i] = draw(stream);
    batches.rewards[i] = reward(batches.actions[i]);
    batches.returnsToGo![i] = returned(batches.actions[i]);
  });
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
    await learner.update(batchesOf(bandit, UPDATES), bandit.phase);
    const { mode, deviation } = await actionStatistics(learner);
    const { wanted } = bandit;
    expect(Math.abs(mode - wanted.mode), `mode ${mode}`).toBeLessThan(0.06);
    if (wanted.deviation !== undefined) {
      expect(Math.abs(deviation - wanted.deviation), `deviation ${deviation}`).toBeLessThan(0.05);
    }
    if (wanted.value !== undefined) {
      const { q, advantage } = await learner.update(batchesOf(bandit, 30), bandit.phase);
      // The advantage is how much more the critics say.
      expect(Math.abs(q - advantage - wanted.value), `value ${q - advantage}`).toBeLessThan(0.03);
    }
    if (wanted.bias !== undefined) {
      const { q, target_q: reward } = await learner.update(batchesOf(bandit, 30), bandit.phase);
      expect(Math.abs(q - reward - wanted.bias), `bias ${q - reward}`).toBeLessThan(0.1);
    }
    await dispose(learner);
  });
});
