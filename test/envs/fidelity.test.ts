import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import {
  distanceAt,
  largestDifference,
  type RecordedEpisode,
  readEpisodes,
  stateOf,
} from './parity_fixture.js';

const TCP = 19;
const CUBE = 29;

/**
 * Allowed drift of open-loop replays from ManiSkill, which itself drifts 0.4 mm and 1e-4 rad in a used environment.
 */
const FREE_SPACE = { qpos: 1e-4, tcp: 1e-4, cube: 1e-4 };
const DEMONSTRATION = { qpos: 2e-3, tcp: 5e-4, cube: 1e-3 };

/** Success asks for joint speeds up to 0.2 rad/s. A recorded speed nearer to that than the margin proves nothing. */
const SUCCESS_SPEED = 0.2;
const SPEED_MARGIN = 1e-3;

const observation = new Float32Array(42);

describe.each(['pd_joint_delta_pos', 'pd_ee_delta_pose'] as const)(
  'PickCube-v1 in %s replays what ManiSkill recorded',
  (controlMode) => {
    let environment: Environment;

    beforeAll(async () => {
      environment = await makeEnvironment('PickCube-v1', { controlMode, rewardMode: 'dense' });
    });
    afterAll(() => environment.close());

    it.each(readEpisodes(controlMode))('$kind, seed $seed', (episode) => {
      const limit = episode.kind === 'demo' ? DEMONSTRATION : FREE_SPACE;
      environment.resetTo(stateOf(episode), null, observation);
      expect(largestDifference(observation, episode.firstObservation, 42)).toBeLessThan(2e-6);
      let graspMismatches = 0;
      episode.actions.forEach((action, i) => {
        const outcome = environment.step(Float32Array.from(action), observation);
        const recorded = episode.steps[i];
        expect(largestDifference(observation, recorded.observation, 7), `qpos, step ${i}`).toBeLessThan(
          limit.qpos,
        );
        expect(distanceAt(observation, recorded.observation, TCP), `TCP, step ${i}`).toBeLessThan(limit.tcp);
        expect(distanceAt(observation, recorded.observation, CUBE), `cube, step ${i}`).toBeLessThan(
          limit.cube,
        );
        if (isSpeedClear(recorded.robotState))
          expect(outcome.success, `success, step ${i}`).toBe(recorded.success);
        if (outcome.flags.is_grasped !== recorded.is_grasped) graspMismatches++;
      });
      expect(graspMismatches).toBeLessThanOrEqual(1);
    });
  },
);

function isSpeedClear(robotState: number[]): boolean {
  const speed = Math.max(...robotState.slice(22, 29).map(Math.abs));
  return Math.abs(speed - SUCCESS_SPEED) > SPEED_MARGIN;
}

/** Replays the first steps of an episode and checks the robot and the cube after each against the recorded states. */
async function replayStates(
  controlMode: string,
  episode: RecordedEpisode,
  actions: number[][],
  limit: { qpos: number; cube: number },
): Promise<void> {
  const environment = await makeEnvironment('PickCube-v1', { controlMode, rewardMode: 'none' });
  environment.resetTo(stateOf(episode), null, observation);
  actions.forEach((action, i) => {
    const { success } = environment.step(Float32Array.from(action), observation);
    const { robotState, cubeState, success: wasSuccess } = episode.steps[i];
    expect(largestDifference(observation, robotState.slice(13), 7), `qpos, step ${i}`).toBeLessThan(
      limit.qpos,
    );
    expect(distanceAt(observation.subarray(CUBE), cubeState, 0), `cube, step ${i}`).toBeLessThan(limit.cube);
    expect(success, `success, step ${i}`).toBe(wasSuccess);
  });
  environment.close();
}

describe('PickCube-v1 in pd_joint_pos', () => {
  it.each(readEpisodes('pd_joint_pos'))("replays ManiSkill's own demonstration of seed $seed", (episode) =>
    replayStates('pd_joint_pos', episode, episode.actions, DEMONSTRATION),
  );
});

describe('PickCube-v1 in pd_ee_delta_pos', () => {
  it('moves as ManiSkill does in pd_ee_delta_pose under actions without rotation', async () => {
    const episode = readEpisodes('pd_ee_delta_pose').find(({ kind }) => kind === 'axis_steps_1')!;
    const turns = (action: number[]) => action.slice(3, 6).some((value) => value !== 0);
    const translations = episode.actions.slice(0, episode.actions.findIndex(turns));
    expect(translations.length).toBe(20);
    const actions = translations.map(([x, y, z, , , , gripper]) => [x, y, z, gripper]);
    await replayStates('pd_ee_delta_pos', episode, actions, FREE_SPACE);
  });
});
