import { describe, expect, it } from 'vitest';
import { type ComboOptions, combo } from '../../../src/algorithms/combo.js';
import { sac } from '../../../src/algorithms/sac.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import type { TransitionBatches } from '../../../src/buffers/transitions.js';
import type { Agent } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS, stateDifference } from '../learner/support.js';

const SMALL_MODEL = { modelFeatures: [10], numModels: 3, numElites: 2, numRollouts: 30, rolloutSteps: 1 };

function learnerOf(options: Partial<ComboOptions> = {}): Promise<Agent> {
  const given = { ...SMALL_NETWORKS, ...SMALL_MODEL, numCandidates: 2, ...options };
  return createLearner(combo, given, SMALL, { seed: SEED, threads: 1 });
}

/** Batches in which rollouts are elsewhere than the data. */
function apart(count: number): TransitionBatches {
  const batches = randomBatches(count);
  const { batchSize, demoRows, observations } = batches;
  observations.forEach((value, i) => {
    const isData = Math.floor(i / SMALL.observationDim) % batchSize < demoRows;
    observations[i] = isData ? value : value + 3;
  });
  return batches;
}

describe('the penalty on values in rollouts', () => {
  it('of weight 0 leaves SAC', async () => {
    const rates = { actorLearningRate: 3e-4, temperatureLearningRate: 3e-4 };
    const learner = await learnerOf({ ...rates, conservativeWeight: 0 });
    const options = { ...SMALL_NETWORKS, backupEntropy: false };
    const plain = await createLearner(sac, options, SMALL, { seed: SEED, threads: 1 });
    const { conservative_gap: _, ...metrics } = await learner.update(randomBatches(5));
    expect(metrics).toEqual(await plain.update(randomBatches(5)));
    expect((await stateDifference(plain, learner)).difference).toBe(0);
    await dispose(learner, plain);
  });

  it('makes critics value data high, and the policy in rollouts low', async () => {
    const gaps = [];
    for (const conservativeWeight of [0, 20]) {
      const learner = await learnerOf({ conservativeWeight, criticLearningRate: 3e-3 });
      await learner.update(apart(100));
      gaps.push((await learner.update(apart(1)))['conservative_gap']);
      await dispose(learner);
    }
    expect(gaps[1]).toBeLessThan(gaps[0] - 2);
  });

  it('is the only one: rewards of rollouts are those that the model expects', async () => {
    const learner = await learnerOf();
    const { observationDim, actionDim } = SMALL;
    const data = new ReplayBuffer({ capacity: 8, numEnvs: 1, observationDim, actionDim });
    const flags = { terminated: new Uint8Array(8), truncated: new Uint8Array(8) };
    const { observations, actions, nextObservations } = randomBatches(1);
    data.add({ observations, actions, rewards: new Float32Array(8), nextObservations, ...flags });
    // A model whose weights are 0 expects nothing, with a deviation that is the same everywhere.
    const state = await learner.getState();
    for (const [name, { data: numbers }] of Object.entries(state.tensors))
      if (name.startsWith('dynamics')) numbers.fill(0);
    await learner.setState(state);
    const into = new ReplayBuffer({ capacity: 30, numEnvs: 1, observationDim, actionDim });
    const metrics = await learner.imagine(data, into, () => new Uint8Array(30));
    const rewards = into.getState().chunks[0].rewards;
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / 30;
    expect(metrics['imagined_reward']).toBeCloseTo(mean, 5);
    expect(Math.abs(mean)).toBeLessThan(0.6 * metrics['imagined_doubt']);
    await dispose(learner);
  });

  it('needs rows of both kinds', async () => {
    for (const realShare of [0, 1])
      await expect(learnerOf({ realShare })).rejects.toThrow('combo: realShare: ');
  });
});
