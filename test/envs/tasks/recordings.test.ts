import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import { completeState, environmentEntry, makeEnvironment } from '../../../envs/registry.js';
import {
  readTaskRecording,
  readTaskSpawn,
  startOf,
  type TaskEpisode,
  taskStateOf,
} from '../task_recording.js';

const RESETS = 1000;
const TOLERANCE = 1e-5;

/** The difference of two numbers, as a share of the larger where that is above 1. */
function difference(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b));
}

const RECORDINGS = [
  'push_cube',
  'pull_cube',
  'lift_peg_upright',
  'poke_cube',
  'roll_ball',
  'pull_cube_tool',
  'place_sphere',
  'stack_cube',
  'stack_pyramid',
  'peg_insertion_side',
  'plug_charger',
];
/** Entries of the info that ours holds as several, one for each axis. */
const AXES = ['x', 'y', 'z'];

describe.each(RECORDINGS)("ManiSkill's recording %s", (name) => {
  const recording = readTaskRecording(name);
  const modes = environmentEntry(recording.env).rewardModes.filter((mode) => mode !== 'none');
  const environments: Environment[] = [];
  let observation: Float32Array;

  beforeAll(async () => {
    for (const rewardMode of modes) {
      environments.push(
        await makeEnvironment(recording.env, { controlMode: recording.control_mode, rewardMode }),
      );
    }
    observation = new Float32Array(environments[0].spec.observationDim);
  });
  afterAll(() => {
    for (const environment of environments) environment.close();
  });

  it('has the same parts in its observations, the same robot and the same place for it', () => {
    const { observationLayout, robot } = environments[0].spec;
    const parts = observationLayout.map((part) => [part.name, part.offset, part.size]);
    expect(parts).toEqual(recording.obs_layout);
    expect(robot).toBe(recording.robot);
    const root = environments[0].getState().articulations[robot].subarray(0, 7);
    recording.base_pose.forEach((value, i) => {
      expect(root[i]).toBeCloseTo(value, 6);
    });
  });

  const stateOf = (episode: TaskEpisode, step?: number) =>
    completeState(recording.env, taskStateOf(episode, step), startOf(episode));

  it.each(recording.episodes)(
    'has the same observations, success, flags, numbers and rewards in each state: $kind, seed $seed',
    (episode) => {
      for (const environment of environments) environment.resetTo(stateOf(episode), null, observation);
      episode.steps.forEach((recorded, step) => {
        for (const environment of environments) environment.setState(stateOf(episode, step));
        const { dense, reward: normalized_dense, sparse } = recorded;
        const rewards = { dense, normalized_dense, sparse };
        environments.forEach((environment, i) => {
          const { success, reward } = environment.evaluate();
          expect(success, `success after step ${step}`).toBe(recorded.success);
          const away = difference(reward, rewards[modes[i]]);
          expect(away, `${modes[i]} reward after step ${step}`).toBeLessThan(TOLERANCE);
        });
        const { flags, numbers } = environments[0].evaluate();
        for (const [name, value] of Object.entries(recorded.flags ?? {})) {
          const at = `${name} after step ${step}`;
          if (name === 'success') continue;
          if (typeof value === 'boolean') expect(flags[name], at).toBe(value);
          else if (typeof value === 'number')
            expect(difference(numbers[name], value), at).toBeLessThan(TOLERANCE);
          else
            value.forEach((each, k) => {
              expect(difference(numbers[`${name}_${AXES[k]}`], each), at).toBeLessThan(TOLERANCE);
            });
        }
        environments[0].observe(observation);
        recorded.obs.forEach((value, i) => {
          expect(difference(observation[i], value), `entry ${i} after step ${step}`).toBeLessThan(TOLERANCE);
        });
      });
    },
  );

  it('begins its episodes from the same distributions', () => {
    const { reset_obs: expected, n_resets: resets, success_at_reset: successes } = readTaskSpawn(name);
    const [environment] = environments;
    const rows: Float32Array[] = [];
    for (let seed = 0; seed < RESETS; seed++) {
      environment.reset(seed, observation);
      rows.push(observation.slice());
      if (successes === 0) expect(environment.evaluate().success).toBe(false);
    }
    for (const { name: part, offset, size } of environment.spec.observationLayout) {
      for (let k = 0; k < size; k++) {
        const values = rows.map((row) => row[offset + k]);
        const mean = values.reduce((sum, value) => sum + value, 0) / RESETS;
        const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / RESETS);
        const { mean: means, std: stds, min, max } = expected[part];
        // Few resets find less of the range.
        const margin = 0.4 * (max[k] - min[k]) * Math.sqrt(300 / resets) + 1e-4;
        const at = `${part}[${k}]`;
        const standardError = stds[k] * Math.sqrt(1 / RESETS + 1 / resets);
        expect(Math.abs(mean - means[k]), `mean of ${at}`).toBeLessThan(5 * standardError + 1e-4);
        expect(Math.abs(std - stds[k]), `std of ${at}`).toBeLessThan(0.15 * stds[k] + 1e-4);
        expect(Math.min(...values), `min of ${at}`).toBeGreaterThan(min[k] - margin);
        expect(Math.max(...values), `max of ${at}`).toBeLessThan(max[k] + margin);
      }
    }
  });
});
