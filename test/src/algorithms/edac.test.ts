import { describe, expect, it } from 'vitest';
import { type EdacOptions, edac } from '../../../src/algorithms/edac.js';
import { sacN } from '../../../src/algorithms/sac_n.js';
import type { Agent } from '../../../src/learner/agent.js';
import type { Algorithm } from '../../../src/learner/algorithm.js';
import { createLearner } from '../../../src/learner/learner.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS, stateDifference } from '../learner/support.js';

function learnerOf(algorithm: Algorithm<object>, options: Partial<EdacOptions> = {}): Promise<Agent> {
  return createLearner(algorithm, { ...SMALL_NETWORKS, ...options }, SMALL, { seed: SEED, threads: 1 });
}

describe('the diversity of critics', () => {
  it('of weight 0 leaves SAC-N, which is SAC with two critics', async () => {
    for (const numQs of [2, 5]) {
      const plain = await learnerOf(sacN, { numQs });
      const learner = await learnerOf(edac, { numQs, diversityWeight: 0 });
      const { slope_similarity: similarity, ...metrics } = await learner.update(randomBatches(5));
      expect(Math.abs(similarity)).toBeLessThan(1);
      expect(metrics).toEqual(await plain.update(randomBatches(5)));
      expect((await stateDifference(learner, plain)).difference).toBe(0);
      await dispose(learner, plain);
    }
  });

  it('turns their slopes apart, from where they are all the same', async () => {
    const similarities = [];
    for (const diversityWeight of [0, 10]) {
      const learner = await learnerOf(edac, { numQs: 4, diversityWeight, criticLearningRate: 1e-3 });
      const state = await learner.getState();
      for (const [name, { data }] of Object.entries(state.tensors)) {
        const [, k, array] = /^critic([123])(\/.*)$/.exec(name) ?? [];
        if (k)
          data.set(
            state.tensors[`critic0${array}`].data.map((value, i) => value + 1e-3 * Math.sin(i * Number(k))),
          );
      }
      await learner.setState(state);
      expect((await learner.update(randomBatches(1)))['slope_similarity']).toBeGreaterThan(0.99);
      await learner.update(randomBatches(200, 2));
      similarities.push((await learner.update(randomBatches(1)))['slope_similarity']);
      await dispose(learner);
    }
    expect(similarities[1]).toBeLessThan(similarities[0] - 0.3);
  });

  it('needs two of them', async () => {
    await expect(learnerOf(edac, { numQs: 1 })).rejects.toThrow('edac: numQs: ');
  });
});
