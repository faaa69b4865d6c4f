import { describe, expect, it } from 'vitest';
import { type AwacOptions, awac } from '../../../src/algorithms/awac.js';
import { afterOneUpdate, tensorsOf } from '../learner/support.js';

const updated = (options: Partial<AwacOptions>, changed?: string) => afterOneUpdate(awac, options, changed);

describe('the actor of AWAC', () => {
  it('learns from the critics, and they nothing from its loss', async () => {
    const plain = await updated({});
    const [fast, sharp] = [await updated({ actorLearningRate: 1e-2 }), await updated({ temperature: 0.1 })];
    for (const { tensors } of [fast, sharp]) {
      expect(tensors['actor/vectors']).not.toEqual(plain.tensors['actor/vectors']);
      expect(tensorsOf(tensors, /^(critic|target)/)).toEqual(tensorsOf(plain.tensors, /^(critic|target)/));
    }
    expect((await updated({}, 'critic')).tensors['actorFirst/vectors']).not.toEqual(
      plain.tensors['actorFirst/vectors'],
    );
  });

  it('clones the data where λ is large: what the critics say makes no difference', async () => {
    const cloning = { temperature: 1e6 };
    const [plain, others] = [await updated(cloning), await updated(cloning, 'critic')];
    expect(others.metrics['advantage']).not.toBeCloseTo(plain.metrics['advantage'], 3);
    for (const { metrics } of [plain, others]) expect(metrics['weight_max']).toBeCloseTo(1, 5);
    const wanted = plain.tensors['actorFirst/hidden0/kernel'].data;
    others.tensors['actorFirst/hidden0/kernel'].data.forEach((moment, i) => {
      expect(moment).toBeCloseTo(wanted[i], 4);
    });
  });
});
