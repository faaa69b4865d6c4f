import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { readEpisodes, readSpawnStatistics, stateOf } from '../parity_fixture.js';

const RESETS = 1000;
const make = (rewardMode: 'sparse' | 'dense' | 'normalized_dense') =>
  makeEnvironment('PickCube-v1', { controlMode: 'pd_joint_delta_pos', rewardMode });

describe('PickCube-v1', () => {
  let dense: Environment;
  let normalized: Environment;
  let sparse: Environment;
  const observation = new Float32Array(42);

  beforeAll(async () => {
    [dense, normalized, sparse] = await Promise.all([
      make('dense'),
      make('normalized_dense'),
      make('sparse'),
    ]);
  });
  afterAll(() => {
    for (const environment of [dense, normalized, sparse]) environment.close();
  });

  it("observes in ManiSkill's layout", () => {
    expect(dense.spec.observationLayout.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['agent.qpos', 0, 9],
      ['agent.qvel', 9, 9],
      ['extra.is_grasped', 18, 1],
      ['extra.tcp_pose', 19, 7],
      ['extra.goal_pos', 26, 3],
      ['extra.obj_pose', 29, 7],
      ['extra.tcp_to_obj_pos', 36, 3],
      ['extra.obj_to_goal_pos', 39, 3],
    ]);
    expect(dense.spec).toMatchObject({
      robot: 'panda',
      maxEpisodeSteps: 50,
      actionDim: 8,
      observationDim: 42,
    });
  });

  it("gives ManiSkill's rewards, flags and observations in the recorded states", () => {
    for (const episode of readEpisodes()) {
      episode.steps.forEach((recorded, i) => {
        const state = stateOf(episode, i);
        for (const environment of [dense, normalized, sparse]) environment.setState(state);
        const { success, flags, reward } = dense.evaluate();
        const at = `${episode.kind}, step ${i}`;
        expect({ success, ...flags }, at).toEqual({
          success: recorded.success,
          is_grasped: recorded.is_grasped,
          is_obj_placed: recorded.is_obj_placed,
          is_robot_static: recorded.is_robot_static,
        });
        expect(Math.abs(reward - recorded.dense), at).toBeLessThan(1e-5);
        expect(Math.abs(normalized.evaluate().reward - recorded.normalized_dense), at).toBeLessThan(1e-5);
        expect(sparse.evaluate().reward, at).toBe(recorded.sparse);
        dense.observe(observation);
        for (let k = 0; k < 42; k++) {
          expect(Math.abs(observation[k] - recorded.observation[k]), `${at}, entry ${k}`).toBeLessThan(3e-6);
        }
      });
    }
  });

  it('names its reward terms', () => {
    dense.reset(1, observation);
    expect(Object.keys(dense.evaluate().rewardTerms).sort()).toEqual([
      'grasping',
      'placing',
      'reaching',
      'stopping',
      'success',
    ]);
    const { reaching } = dense.evaluate().rewardTerms;
    const distance = Math.hypot(observation[36], observation[37], observation[38]);
    expect(reaching).toBeCloseTo(1 - Math.tanh(5 * distance), 6);
  });

  it('starts episodes from the distributions of ManiSkill', () => {
    const { observations: expected, successAtReset } = readSpawnStatistics();
    const rows: Float32Array[] = [];
    let successes = 0;
    for (let seed = 0; seed < RESETS; seed++) {
      dense.reset(seed, observation);
      rows.push(observation.slice());
      if (dense.evaluate().success) successes++;
    }
    expect(successes / RESETS).toBeLessThanOrEqual(3 * successAtReset);
    for (const { name, offset, size } of dense.spec.observationLayout) {
      for (let k = 0; k < size; k++) {
        const values = rows.map((row) => row[offset + k]);
        const mean = values.reduce((sum, value) => sum + value, 0) / RESETS;
        const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / RESETS);
        const { mean: means, std: stds, min, max } = expected[name];
        const range = max[k] - min[k];
        const at = `${name}[${k}]`;
        // Both samples have 1000 resets: five standard errors of a difference.
        expect(Math.abs(mean - means[k]), `mean of ${at}`).toBeLessThan(
          5 * Math.SQRT2 * (stds[k] / 31) + 1e-4,
        );
        expect(Math.abs(std - stds[k]), `std of ${at}`).toBeLessThan(0.15 * stds[k] + 1e-4);
        expect(Math.min(...values), `min of ${at}`).toBeGreaterThan(min[k] - 0.3 * range - 1e-4);
        expect(Math.max(...values), `max of ${at}`).toBeLessThan(max[k] + 0.3 * range + 1e-4);
      }
    }
  });
});
