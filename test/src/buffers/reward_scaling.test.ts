import { describe, expect, test } from 'vitest';
import { loadDemonstrations } from '../../../src/buffers/demo_buffer.js';
import { type RewardRule, rewardScalingOf, scaleRewards } from '../../../src/buffers/reward_scaling.js';
import { arrayDataset } from '../../../src/datasets/array_dataset.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { UserError } from '../../../src/errors.js';
import { WITHOUT_TASK } from './demo_options.js';

const NORMALIZED: RewardRule = { normalize: true, scale: 1, shift: 0 };

describe('the rule of a scaling', () => {
  test.each<[name: string, rule: RewardRule, scaling: { scale: number; shift: number } | null]>([
    ['nothing', { normalize: false, scale: 1, shift: 0 }, null],
    ["IQL's for locomotion", NORMALIZED, { scale: 4, shift: 0 }],
    ["IQL's for AntMaze", { normalize: false, scale: 1, shift: -1 }, { scale: 1, shift: -1 }],
    ["Cal-QL's for AntMaze", { normalize: false, scale: 10, shift: -5 }, { scale: 10, shift: -5 }],
    ['all together', { normalize: true, scale: 0.5, shift: 1 }, { scale: 2, shift: 1 }],
  ])('%s', (_, rule, scaling) => {
    expect(rewardScalingOf('data', rule, [100, 350, 200])).toEqual(scaling);
  });

  test('asks for returns that differ', () => {
    expect(() => rewardScalingOf('data', NORMALIZED, [7, 7])).toThrow(UserError);
    expect(() => rewardScalingOf('data', NORMALIZED, [7])).toThrow(
      "data: train.normalize_rewards divides by the range of the episodes' returns, and all of these are 7",
    );
  });
});

test('rewards are changed in an array of their own', () => {
  const rewards = Float32Array.of(0, 1, -2);
  expect(scaleRewards(rewards, { scale: 10, shift: -5 })).toEqual(Float32Array.of(-5, 5, -25));
  expect(rewards).toEqual(Float32Array.of(0, 1, -2));
});

describe('data', () => {
  const episode = (...rewards: number[]) => ({
    observations: new Float32Array(rewards.length + 1),
    actions: new Float32Array(rewards.length),
    rewards,
  });

  test('are learnt from with scaled rewards, and it is said how', async () => {
    const dataset = arrayDataset([episode(1, 2), episode(3, 4, 6), episode(5)]);
    const { buffer, rewardScaling, summary } = await loadDemonstrations(dataset, {
      ...WITHOUT_TASK,
      rewardRule: { ...NORMALIZED, shift: 2 },
    });
    expect(rewardScaling).toEqual({ scale: 100, shift: 2 });
    expect([...buffer.getState().chunks[0].rewards]).toEqual([102, 202, 302, 402, 602, 502]);
    expect(summary.notes).toContain(
      'its rewards are learnt from as reward · 100 + 2; returns before that are from 3 to 13',
    );
  });

  test('have the returns of whole episodes, also where their last steps are left out', async () => {
    const dataset = await openDataset('test/fixtures/d4rl/chain_edges.hdf5');
    const { rewardScaling } = await loadDemonstrations(dataset, { ...WITHOUT_TASK, rewardRule: NORMALIZED });
    dataset.close();
    // Returns 3, 3, 9, 13 and 17, of which 5 and 7 in the ends of two are not learnt from.
    expect(rewardScaling!.scale).toBeCloseTo(1000 / 14, 10);
  });

  test('of Hopper are scaled as NumPy has it, by the sums of rewards between flags', async () => {
    const dataset = await openDataset('test/fixtures/d4rl/hopper.hdf5');
    const { rewardScaling, summary } = await loadDemonstrations(dataset, {
      ...WITHOUT_TASK,
      rewardRule: NORMALIZED,
    });
    dataset.close();
    expect(summary.episodes).toBe(13);
    expect(rewardScaling!.scale).toBeCloseTo(24.72309065559016, 10);
  });
});
