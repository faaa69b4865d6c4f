import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { makeController } from '../../../envs/panda/controllers.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { PandaWorld } from '../../../envs/physics/panda_world.js';
import { loadRapier } from '../../../envs/physics/rapier.js';
import { PANDA } from '../../../envs/robots/panda.js';
import { PANDA_WRISTCAM } from '../../../envs/robots/panda_wristcam.js';
import type { Robot } from '../../../envs/robots/robot.js';
import { largestDifference } from '../parity_fixture.js';
import { readTaskRecording } from '../task_recording.js';

/** Steps of the recording in which the hand touches nothing. */
const FREE_STEPS = 30;

beforeAll(loadRapier);

/** Drift of the arm's joints and its tool centre point from ManiSkill's recording of `panda_wristcam`. */
function drift(robot: Robot): { qpos: number; tcp: number } {
  const { episodes, part } = readTaskRecording('wristcam');
  const [{ reset, actions, steps }] = episodes;
  const controller = makeController('pd_joint_delta_pos');
  const world = new PandaWorld(robot, DEFAULT_BASE_POSE, []);
  onTestFinished(() => world.close());
  world.resetAtRest(part(reset.obs, 'agent.qpos'), new Float64Array(9));
  const largest = { qpos: 0, tcp: 0 };
  for (let step = 0; step < FREE_STEPS; step++) {
    controller.setTargets(Float32Array.from(actions[step]), world, world.targets);
    world.controlStep();
    const { obs } = steps[step];
    const tcp = largestDifference(world.kinematics.tcpPosition, part(obs, 'extra.tcp_pose'), 3);
    largest.qpos = Math.max(largest.qpos, largestDifference(world.qpos, part(obs, 'agent.qpos'), 9));
    largest.tcp = Math.max(largest.tcp, tcp);
  }
  return largest;
}

it("moves as ManiSkill's does, which the camera's weight makes another motion than without it", () => {
  const { qpos, tcp } = drift(PANDA_WRISTCAM);
  expect(qpos).toBeLessThan(1e-4);
  expect(tcp).toBeLessThan(1e-4);
  expect(drift(PANDA).qpos).toBeGreaterThan(10 * qpos);
});

it('shows its camera, in front of the hand', () => {
  const shapes = (robot: Robot) => robot.bodies.find(({ name }) => name === 'panda_hand')!.shapes.length;
  expect(shapes(PANDA_WRISTCAM)).toBe(shapes(PANDA) + 1);
});
