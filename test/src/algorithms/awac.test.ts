import { describe, expect, it } from 'vitest';
import { type AwacOptions, awac } from '../../../src/algorithms/awac.js';
import type { AgentState } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS } from '../learner/support.js';

type Tensors = AgentState['tensors'];

/** The metrics and the state after one update, with the arrays of `group` changed beforehand. */
async function updated(options: Partial<AwacOptions>, group = 'nothing') {
  const learner = await createLearner(awac, { ...SMALL_NETWORKS, ...options }, SMALL, {
    seed: SEED,
    threads: 1,
  });
  const state = await learner.getState();
  for (const [name, { data }] of Object.entries(state.tensors)) {
    if (name.startsWith(group)) data.set(data.map((value) => 0.5 * value + 0.1));
  }
  await learner.setState(state);
  const metrics = await learner.update(randomBatches(1));
  const { tensors } = await learner.getState();
  await dispose(learner);
  return { metrics, tensors };
}

const ofNetwork = (tensors: Tensors, name: RegExp) =>
  Object.fromEntries(Object.entries(tensors).filter(([key]) => name.test(key)));

describe('the actor of AWAC', () => {
  it('learns from the critics, and they nothing from its loss', async () => {
    const plain = await updated({});
    const [fast, sharp] = [await updated({ actorLearningRate: 1e-2 }), await updated({ temperature: 0.1 })];
    for (const { tensors } of [fast, sharp]) {
      expect(tensors['actor/vectors']).not.toEqual(plain.tensors['actor/vectors']);
      expect(ofNetwork(tensors, /^(critic|target)/)).toEqual(ofNetwork(plain.tensors, /^(critic|target)/));
    }
    expect((await updated({}, 'critic')).tensors['actorFirst/vectors']).not.toEqual(
      plain.tensors['actorFirst/vectors'],
    );
  });

  it('clones the data where λ is large: what the critics say makes no difference', async () => {
    const [plain, others] = [
      await updated({ temperature: 1e6 }),
      await updated({ temperature: 1e6 }, 'critic'),
    ];
    expect(others.metrics['advantage']).not.toBeCloseTo(plain.metrics['advantage'], 3);
    for (const { metrics } of [plain, others]) expect(metrics['weight_max']).toBeCloseTo(1, 5);
    const wanted = plain.tensors['actorFirst/hidden0/kernel'].data;
    others.tensors['actorFirst/hidden0/kernel'].data.forEach((moment, i) => {
      expect(moment).toBeCloseTo(wanted[i], 4);
    });
  });
});
