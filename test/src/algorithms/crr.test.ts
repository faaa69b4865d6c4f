import { describe, expect, it } from 'vitest';
import { type CrrOptions, crr } from '../../../src/algorithms/crr.js';
import { afterOneUpdate, tensorsOf } from '../learner/support.js';

const updated = (options: Partial<CrrOptions>, changed?: string) => afterOneUpdate(crr, options, changed);

describe('the actor of CRR', () => {
  it('learns from the critics, and they nothing from its loss', async () => {
    const plain = await updated({});
    const [fast, soft] = [await updated({ actorLearningRate: 1e-2 }), await updated({ weights: 'exp' })];
    for (const { tensors } of [fast, soft]) {
      expect(tensors['actor/vectors']).not.toEqual(plain.tensors['actor/vectors']);
      expect(tensorsOf(tensors, /^(critic|target\d)/)).toEqual(
        tensorsOf(plain.tensors, /^(critic|target\d)/),
      );
    }
    expect((await updated({ weights: 'exp' }, 'critic')).tensors['actorFirst/vectors']).not.toEqual(
      soft.tensors['actorFirst/vectors'],
    );
  });

  it('clones those actions that are better than its own, and nothing where none is', async () => {
    const { metrics } = await updated({});
    expect([1, 2, 3, 4, 5, 6, 7].map((rows) => rows / 8)).toContain(metrics['weight']);
    const { weight } = (await updated({ numSamples: 100, baseline: 'max' })).metrics;
    expect(weight).toBeLessThan(metrics['weight']);
  });

  it('compares an action with the mean of its own, or with the best of them', async () => {
    const advantageBy = async (options: Partial<CrrOptions>) => (await updated(options)).metrics['advantage'];
    expect(await advantageBy({ baseline: 'max' })).toBeLessThan((await advantageBy({})) - 1e-3);
    expect(await advantageBy({ numSamples: 1, baseline: 'max' })).toBe(await advantageBy({ numSamples: 1 }));
  });
});

describe('the critics of CRR', () => {
  it('learn what the target policy is worth, not the policy itself', async () => {
    const [plain, others] = [await updated({}), await updated({}, 'targetActor')];
    expect(others.tensors['critic0/vectors']).not.toEqual(plain.tensors['critic0/vectors']);
    const policy = /^actor/;
    // A changed policy moves the advantages only.
    const moved = await updated({}, 'actor/');
    expect(tensorsOf(moved.tensors, /^critic/)).toEqual(tensorsOf(plain.tensors, /^critic/));
    expect(tensorsOf(moved.tensors, policy)).not.toEqual(tensorsOf(plain.tensors, policy));
  });
});
