import { describe, expect, it } from 'vitest';
import type { RlpdOptions } from '../../../src/algorithms/rlpd.js';
import {
  actionsOf,
  dispose,
  randomBatches,
  smallLearner,
  someObservations,
  stateDifference,
} from './support.js';

const VARIANTS: Record<string, Partial<RlpdOptions>> = {
  '10 critics, 2 in the minimum': { numQs: 10, numMinQs: 2 },
  'an actor step every 5 critic steps': { actorUpdateFreq: 5 },
  'entropy in the target, fixed temperature': { backupEntropy: true, learnableTemperature: false },
  'imitation, layer norm in the actor': { bcWeight: 0.5, actorLayerNorm: true },
  'no layer norm': { criticLayerNorm: false },
};

describe('compiled equals eager after 10 updates', () => {
  it.each(Object.entries(VARIANTS))('%s', async (_, options) => {
    const compiled = await smallLearner(options);
    const eager = await smallLearner(options, { backend: 'cpu' });
    const batches = randomBatches(10);
    const metrics = await compiled.update(batches);
    const wanted = await eager.update(batches);
    expect(Object.keys(metrics)).toEqual(Object.keys(wanted));
    for (const [name, value] of Object.entries(wanted)) expect(metrics[name], name).toBeCloseTo(value, 5);
    const { difference, name } = await stateDifference(compiled, eager);
    expect(difference, name).toBeLessThan(1e-5);
    await dispose(compiled, eager);
  });

  it('cloning and acting (on the wasm backend)', async () => {
    const compiled = await smallLearner();
    const eager = await smallLearner({}, { backend: 'wasm' });
    for (const learner of [compiled, eager]) await learner.update(randomBatches(10), 'clone');
    const { difference, name } = await stateDifference(compiled, eager);
    expect(difference, name).toBeLessThan(1e-5);
    for (const choice of ['sample', 'mode'] as const) {
      const left = await actionsOf(compiled, someObservations(5), choice);
      const right = await actionsOf(eager, someObservations(5), choice);
      left.forEach((value, i) => {
        expect(value).toBeCloseTo(right[i], 5);
      });
    }
    await dispose(compiled, eager);
  });

  it('networks of full size (on the wasm backend)', async () => {
    const sizes = { observationDim: 42, actionDim: 8, batchSize: 256 };
    const features = { actorFeatures: [256, 256, 256], criticFeatures: [256, 256, 256] };
    const compiled = await smallLearner(features, {}, sizes);
    const eager = await smallLearner(features, { backend: 'wasm' }, sizes);
    const batches = randomBatches(2, 2, sizes);
    await compiled.update(batches);
    await eager.update(batches);
    const { difference, name } = await stateDifference(compiled, eager);
    expect(difference, name).toBeLessThan(1e-5);
    await dispose(compiled, eager);
  });
});
