import { describe, expect, it } from 'vitest';
import { type CqlOptions, cql } from '../../../src/algorithms/cql.js';
import { type SacOptions, sac } from '../../../src/algorithms/sac.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';
import type { Agent } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import { RandomStream } from '../../../src/rng.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  SEED,
  SMALL,
  SMALL_NETWORKS,
  stateDifference,
} from '../learner/support.js';

function smallCql(options: Partial<CqlOptions> = {}): Promise<Agent> {
  const given = { ...SMALL_NETWORKS, numCandidates: 4, ...options };
  return createLearner(cql, given, SMALL, { seed: SEED, threads: 1 });
}

/** Changes all numbers of the state's arrays with such names. */
async function changeArrays(learner: Agent, names: RegExp, change: (value: number) => number): Promise<void> {
  const state = await learner.getState();
  for (const [name, { data }] of Object.entries(state.tensors)) {
    if (names.test(name)) data.set(data.map(change));
  }
  await learner.setState(state);
}

describe('the penalty', () => {
  it('of weight 0 leaves SAC', async () => {
    const options: Partial<SacOptions> = { ...SMALL_NETWORKS, backupEntropy: false };
    const rates = { actorLearningRate: 1e-4, temperatureLearningRate: 1e-4 };
    const plain = await createLearner(sac, { ...options, ...rates }, SMALL, { seed: SEED, threads: 1 });
    const learner = await smallCql({ conservativeWeight: 0 });
    const { conservative_gap: gap, ...metrics } = await learner.update(randomBatches(5));
    expect(gap).toBeGreaterThan(0);
    expect(metrics).toEqual(await plain.update(randomBatches(5)));
    expect((await stateDifference(learner, plain)).difference).toBe(0);
    await dispose(learner, plain);
  });

  it('brings the values of the data and of other actions together', async () => {
    const criticLearningRate = 3e-3;
    const plain = await smallCql({ criticLearningRate, conservativeWeight: 0 });
    const held = await smallCql({ criticLearningRate });
    const batches = randomBatches(60);
    batches.actions.fill(0.7);
    for (const learner of [plain, held]) await learner.update(batches);
    const [free, low] = [await plain.update(batches), await held.update(batches)];
    expect(low['conservative_gap']).toBeLessThan(free['conservative_gap'] - 0.5);
    await dispose(plain, held);
  });

  it('keeps the policy near actions in the data, though greater ones look better', async () => {
    const sizes = { observationDim: 1, actionDim: 1, batchSize: 32 };
    const batches = allocateBatches(800, 32, 0, 1, 1);
    new RandomStream(1).fillUniform(batches.actions, -1, 0);
    batches.rewards.set(batches.actions);
    batches.observations.fill(1);
    const modeWith = async (conservativeWeight: number) => {
      const rates = { actorLearningRate: 3e-3, criticLearningRate: 3e-3 };
      const options = { actorFeatures: [16], criticFeatures: [32], ...rates, conservativeWeight };
      const fixed = { initialTemperature: 0.02, learnableTemperature: false };
      const learner = await createLearner(cql, { ...options, ...fixed }, sizes, { seed: 1, threads: 1 });
      await learner.update(batches);
      const [mode] = await actionsOf(learner, Float32Array.of(1), 'mode');
      await dispose(learner);
      return mode;
    };
    expect(await modeWith(0)).toBeGreaterThan(0.5);
    expect(await modeWith(1)).toBeLessThan(0);
  });
});

describe('the factor of the weight that is learnt', () => {
  const logFactor = async (learner: Agent) => (await learner.getState()).tensors['logLagrange'].data[0];

  it.each([
    ['rises while the gap is above the threshold', 0, 1],
    ['falls while it is below', 1000, -1],
  ])('%s', async (_, lagrangeThreshold, sign) => {
    const learner = await smallCql({ lagrangeThreshold });
    expect((await learner.update(randomBatches(1)))['lagrange_factor']).toBe(1);
    expect(Math.sign(await logFactor(learner))).toBe(sign);
    await dispose(learner);
  });

  it('multiplies the penalty', async () => {
    const [twice, heavy] = [
      await smallCql({ lagrangeThreshold: 0 }),
      await smallCql({ conservativeWeight: 10 }),
    ];
    await changeArrays(twice, /^logLagrange$/, () => Math.LN2);
    const { lagrange_factor: factor, ...metrics } = await twice.update(randomBatches(1));
    const wanted = await heavy.update(randomBatches(1));
    expect(factor).toBeCloseTo(2, 6);
    for (const [name, value] of Object.entries(wanted)) expect(metrics[name], name).toBeCloseTo(value, 4);
    await dispose(twice, heavy);
  });

  it('counts no more than a million, and rises no further from there', async () => {
    const norms = [];
    for (const log of [Math.log(1e6), 20]) {
      const learner = await smallCql({ lagrangeThreshold: 0 });
      await changeArrays(learner, /^logLagrange$/, () => log);
      norms.push((await learner.update(randomBatches(1)))['critic_grad_norm']);
      if (log === 20) expect(await logFactor(learner)).toBe(20);
      await dispose(learner);
    }
    expect(norms[1] / norms[0]).toBeCloseTo(1, 5);
  });
});

describe('the warm start', () => {
  /** The actor's first steps, with critics as they are and with others. */
  async function actorsAfter(updates: number) {
    const states = [];
    for (const factor of [1, -2]) {
      const learner = await smallCql({ bcSteps: 3 });
      await changeArrays(learner, /^critic\d/, (value) => factor * value);
      await learner.update(randomBatches(updates));
      states.push((await learner.getState()).tensors);
      await dispose(learner);
    }
    return states;
  }

  it('asks no critics, which learn meanwhile, for as many steps as it is given', async () => {
    const [first, second] = await actorsAfter(3);
    expect(second['actor/head/kernel']).toEqual(first['actor/head/kernel']);
    const fresh = await smallCql();
    expect(first['critic0/vectors']).not.toEqual((await fresh.getState()).tensors['critic0/vectors']);
    const [later, other] = await actorsAfter(4);
    expect(other['actor/head/kernel']).not.toEqual(later['actor/head/kernel']);
    await dispose(fresh);
  });
});

describe('the target', () => {
  it('of the best of several next actions is higher than that of one', async () => {
    const [one, best] = [await smallCql(), await smallCql({ maxBackup: true, numCandidates: 30 })];
    const [plain, high] = [await one.update(randomBatches(1)), await best.update(randomBatches(1))];
    expect(high['target_q']).toBeGreaterThan(plain['target_q']);
    await dispose(one, best);
  });
});
