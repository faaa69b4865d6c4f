import { describe, expect, test } from 'vitest';
import { validateConfig } from '../../../src/config/load.js';
import { configSchema } from '../../../src/config/schema.js';
import { gradUpdatesAt, gradUpdatesUpTo, imitationWeight } from '../../../src/training/schedules.js';

const EARLY = { grad_updates_per_step: 4, early_grad_updates_per_step: 16, early_env_steps: 5_000 };

describe('gradUpdatesAt', () => {
  const updates = (sac: object, envSteps: number[]) =>
    envSteps.map((steps) => gradUpdatesAt(configSchema.parse({ sac }).sac, steps));

  test('stays where it is unless there is to be more at first', () => {
    expect(updates({ grad_updates_per_step: 4 }, [0, 1_000_000])).toEqual([4, 4]);
    expect(updates({ ...EARLY, early_grad_updates_per_step: null }, [0, 5_000])).toEqual([4, 4]);
  });

  test('falls after the first env steps', () => {
    expect(updates(EARLY, [0, 4_992, 5_000, 90_000])).toEqual([16, 16, 4, 4]);
  });
});

test('gradUpdatesUpTo counts from the end of the seed steps', () => {
  const updates = (envSteps: number, numSeedSteps = 1_000) => {
    const sac = { ...EARLY, steps_per_env: 1, num_seed_steps: numSeedSteps };
    return gradUpdatesUpTo(validateConfig({ env: { num_envs: 8 }, sac }, 'test'), envSteps);
  };
  expect([0, 1_000, 3_000, 5_000, 9_000].map((steps) => updates(steps))).toEqual([
    0, 0, 4_000, 8_000, 10_000,
  ]);
  expect([5_000, 9_000].map((steps) => updates(steps, 7_000))).toEqual([0, 1_000]);
});

describe('imitationWeight', () => {
  const weights = (sac: object, envSteps: number[]) =>
    envSteps.map((steps) => imitationWeight(configSchema.parse({ sac }).sac, steps));

  test('stays where it is unless it is to fall', () => {
    expect(weights({ bc_weight: 10 }, [0, 5_000, 1_000_000])).toEqual([10, 10, 10]);
  });

  test('falls in a straight line, and then stays', () => {
    const sac = { bc_weight: 30, bc_weight_end: 2, bc_decay_steps: 4_000 };
    expect(weights(sac, [0, 1_000, 2_000, 4_000, 9_000])).toEqual([30, 23, 16, 2, 2]);
  });
});
