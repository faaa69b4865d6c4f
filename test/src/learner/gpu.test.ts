import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { findGpuProvider } from '../../../src/runtime/node/gpu.js';
import { dispose, randomBatches, smallLearner, stateDifference } from './support.js';

const found: unknown = await findGpuProvider().catch((error) => error);

describe.runIf(found instanceof UserError)('a machine without a GPU', () => {
  it('gives a learner that asks for one the reason of each provider', async () => {
    const attempt = smallLearner({}, { device: 'gpu' });
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toThrow(
      /^train\.device=gpu: .*\n {2}cuda: .+\n {2}webgpu: .+\nput one of these right, or set train\.device=cpu$/,
    );
  });
});

describe.runIf(typeof found === 'string')('a machine with a GPU', () => {
  it('computes there what the CPU computes, to float precision', async () => {
    const options = { numQs: 3, bcWeight: 0.3, backupEntropy: true };
    const [gpu, cpu] = [await smallLearner(options, { device: 'gpu' }), await smallLearner(options)];
    expect([gpu.provider, cpu.provider]).toEqual([found, 'cpu']);
    for (const learner of [gpu, cpu]) {
      await learner.update(randomBatches(3), 'clone');
      await learner.update(randomBatches(10, 2));
    }
    // Newer cards multiply with ten bits of mantissa (TF32) under CUDA.
    const tolerance = found === 'cuda' ? 1e-2 : 1e-4;
    expect((await stateDifference(gpu, cpu)).difference).toBeLessThan(tolerance);
    await dispose(gpu, cpu);
  });
});
