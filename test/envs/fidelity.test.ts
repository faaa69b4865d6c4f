import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import { distanceAt, largestDifference, readEpisodes, stateOf } from './parity_fixture.js';

const TCP = 19;
const CUBE = 29;

/** How far open-loop replays may drift from ManiSkill, which itself drifts 0.4 mm and 1e-4 rad in a used environment. */
const FREE_SPACE = { qpos: 1e-4, tcp: 1e-4, cube: 1e-4 };
const DEMONSTRATION = { qpos: 2e-3, tcp: 5e-4, cube: 1e-3 };

describe('PickCube-v1 replays what ManiSkill recorded', () => {
  let environment: Environment;
  const observation = new Float32Array(42);

  beforeAll(async () => {
    const options = { controlMode: 'pd_joint_delta_pos', rewardMode: 'dense' } as const;
    environment = await makeEnvironment('PickCube-v1', options);
  });
  afterAll(() => environment.close());

  it.each(readEpisodes())('$kind, seed $seed', (episode) => {
    const limit = episode.kind === 'demo' ? DEMONSTRATION : FREE_SPACE;
    environment.setState(stateOf(episode));
    environment.observe(observation);
    expect(largestDifference(observation, episode.firstObservation, 42)).toBeLessThan(2e-6);
    let graspMismatches = 0;
    episode.actions.forEach((action, i) => {
      const outcome = environment.step(Float32Array.from(action), observation);
      const recorded = episode.steps[i];
      expect(largestDifference(observation, recorded.observation, 7), `qpos, step ${i}`).toBeLessThan(
        limit.qpos,
      );
      expect(distanceAt(observation, recorded.observation, TCP), `TCP, step ${i}`).toBeLessThan(limit.tcp);
      expect(distanceAt(observation, recorded.observation, CUBE), `cube, step ${i}`).toBeLessThan(limit.cube);
      expect(outcome.success, `success, step ${i}`).toBe(recorded.success);
      if (outcome.flags.is_grasped !== recorded.is_grasped) graspMismatches++;
    });
    expect(graspMismatches).toBeLessThanOrEqual(1);
  });
});
