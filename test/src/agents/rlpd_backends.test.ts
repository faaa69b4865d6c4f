import { describe, expect, it } from 'vitest';
import type { RlpdOptions } from '../../../src/agents/rlpd/options.js';
import { createRlpdAgent } from '../../../src/agents/rlpd.js';
import { randomBatches, smallAgent, stateDifference } from './support.js';

const VARIANTS: Record<string, Partial<RlpdOptions>> = {
  '2 critics': { numQs: 2 },
  '10 critics, 2 in the minimum': { numQs: 10, numMinQs: 2 },
  'an actor step every 5 critic steps': { actorUpdateFreq: 5 },
  'entropy in the target, fixed temperature': { backupEntropy: true, learnableTemperature: false },
  'imitation, layer norm in the actor': { bcWeight: 0.5, actorLayerNorm: true },
  'no layer norm': { criticLayerNorm: false },
};

describe('compiled equals eager after 10 updates', () => {
  it.each(Object.entries(VARIANTS))('%s', async (_, options) => {
    const compiled = await smallAgent({ ...options, backend: 'compiled' });
    const eager = await smallAgent({ ...options, backend: 'cpu' });
    const batches = randomBatches(10);
    const metrics = await compiled.update(batches);
    const wanted = await eager.update(batches);
    expect(Object.keys(metrics)).toEqual(Object.keys(wanted));
    for (const [name, value] of Object.entries(wanted)) expect(metrics[name], name).toBeCloseTo(value, 5);
    expect(await stateDifference(compiled, eager)).toEqual({
      difference: expect.closeTo(0, 5),
      name: expect.any(String),
    });
    await Promise.all([compiled.dispose(), eager.dispose()]);
  });

  it('cloning and acting', async () => {
    const compiled = await smallAgent({ backend: 'compiled' });
    const eager = await smallAgent({ backend: 'wasm' });
    const batches = randomBatches(10);
    for (const agent of [compiled, eager]) {
      await agent.cloneBehaviour(batches);
    }
    expect((await stateDifference(compiled, eager)).difference).toBeLessThan(1e-5);
    for (const choice of ['sample', 'mode'] as const) {
      const observations = batches.observations.slice(0, 5 * compiled.observationDim);
      const [left, right] = [new Float32Array(15), new Float32Array(15)];
      await compiled.act(observations, left, choice);
      await eager.act(observations, right, choice);
      left.forEach((value, i) => {
        expect(value).toBeCloseTo(right[i], 5);
      });
    }
    await Promise.all([compiled.dispose(), eager.dispose()]);
  });

  it('networks of full size (on the wasm backend)', async () => {
    const sizes = { observationDim: 42, actionDim: 8, batchSize: 256 };
    const compiled = await createRlpdAgent({ ...sizes, seed: 3 });
    const eager = await createRlpdAgent({ ...sizes, seed: 3, backend: 'wasm' });
    const batches = randomBatches(2, 2, sizes);
    await compiled.update(batches);
    await eager.update(batches);
    expect((await stateDifference(compiled, eager)).difference).toBeLessThan(1e-5);
    await Promise.all([compiled.dispose(), eager.dispose()]);
  });
});
