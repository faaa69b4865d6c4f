import { describe, expect, test } from 'vitest';
import { validateConfig } from '../../../../src/config/load.js';
import {
  cloneUpdates,
  gradUpdatesAt,
  gradUpdatesUpTo,
  offlineUpdates,
  onlineSteps,
} from '../../../../src/training/phases/schedules.js';

const EARLY = { grad_updates_per_step: 4, early_grad_updates_per_step: 16, early_env_steps: 5_000 };
const trainOf = (train: object) => validateConfig({ train }, 'test').train;

describe('gradUpdatesAt', () => {
  const updates = (train: object, envSteps: number[]) =>
    envSteps.map((steps) => gradUpdatesAt(trainOf(train), steps));

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
    const train = { ...EARLY, steps_per_env: 1, num_seed_steps: numSeedSteps };
    return gradUpdatesUpTo(validateConfig({ env: { num_envs: 8 }, train }, 'test'), envSteps);
  };
  expect([0, 1_000, 3_000, 5_000, 9_000].map((steps) => updates(steps))).toEqual([
    0, 0, 4_000, 8_000, 10_000,
  ]);
  expect([5_000, 9_000].map((steps) => updates(steps, 7_000))).toEqual([0, 1_000]);
});

test('a phase that is not listed has no steps', () => {
  const steps = { bc_warm_start_steps: 5, offline_steps: 6, steps: 7 };
  const counts = (phases: string[]) => {
    const train = trainOf({ ...steps, phases });
    return [cloneUpdates(train), offlineUpdates(train), onlineSteps(train)];
  };
  expect(counts(['clone', 'online'])).toEqual([5, 0, 7]);
  expect(counts(['offline'])).toEqual([0, 6, 0]);
  expect(counts(['clone', 'offline', 'online'])).toEqual([5, 6, 7]);
});
