import { beforeAll, describe, expect, it } from 'vitest';
import { CONTROL_MODES, makeController } from '../../../../envs/panda/controllers.js';
import { DEFAULT_BASE_POSE, JOINT_UPPER_LIMITS } from '../../../../envs/panda/model.js';
import { PandaWorld } from '../../../../envs/physics/panda_world.js';
import { loadRapier } from '../../../../envs/physics/rapier.js';
import { PANDA } from '../../../../envs/robots/panda.js';
import { largestDifference, readEpisodes } from '../../parity_fixture.js';

const episodes = readEpisodes();
const controller = makeController('pd_joint_delta_pos');

beforeAll(loadRapier);

/** A robot with nothing but the table to touch. */
function robotAt(qpos: ArrayLike<number>): PandaWorld {
  const world = new PandaWorld(PANDA, DEFAULT_BASE_POSE, []);
  world.resetAtRest(qpos, new Float64Array(9));
  return world;
}

function control(world: PandaWorld, action: ArrayLike<number>): void {
  controller.setTargets(Float32Array.from(action), world, world.targets);
  world.controlStep();
}

describe('pd_joint_delta_pos', () => {
  it('moves joint 1 by 0.0253, 0.0368, 0.0391, 0.0395, 0.0396 rad when +1 is held', () => {
    const { firstObservation } = episodes.find(({ kind }) => kind === 'axis_steps_1')!;
    const world = robotAt(firstObservation.slice(0, 9));
    const moves = [0, 1, 2, 3, 4].map(() => {
      const before = world.qpos[0];
      control(world, [1, 0, 0, 0, 0, 0, 0, 1]);
      return world.qpos[0] - before;
    });
    const expected = [0.0253, 0.0368, 0.0391, 0.0395, 0.0396];
    expect(largestDifference(moves, expected, 5)).toBeLessThan(1e-4);
  });

  it('sets arm targets from the current position and gripper targets from −0.01 to 0.04 m', () => {
    const world = robotAt(PANDA.restQpos);
    const targets = { arm: new Float64Array(7), fingers: 0 };
    controller.setTargets(Float32Array.of(0.5, 0, 0, -1, 0, 0, 0, -1), world, targets);
    expect(targets.arm[0]).toBeCloseTo(0.05, 9);
    expect(targets.arm[3]).toBeCloseTo(world.qpos[3] - 0.1, 9);
    expect(targets.fingers).toBeCloseTo(-0.01, 9);
    controller.setTargets(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 1), world, targets);
    expect(targets.fingers).toBeCloseTo(0.04, 9);
  });

  it('is among the control modes, and an unknown one is refused with their names', () => {
    expect(CONTROL_MODES).toContain('pd_joint_delta_pos');
    expect(() => makeController('pd_joint_pos_fast')).toThrow('pd_joint_delta_pos');
  });
});

describe('the joints', () => {
  it("follow ManiSkill's to 50 µrad and 50 µm for 50 steps in free space", () => {
    for (const { kind, firstObservation, actions, steps } of episodes) {
      if (kind === 'demo') continue;
      const world = robotAt(firstObservation.slice(0, 9));
      actions.forEach((action, i) => {
        control(world, action);
        const { observation } = steps[i];
        expect(largestDifference(world.qpos, observation, 9), `${kind}, step ${i}`).toBeLessThan(5e-5);
      });
    }
  });

  it('stop at their limits', () => {
    const world = robotAt(PANDA.restQpos);
    for (let step = 0; step < 120; step++) control(world, [1, 0, 0, 0, 0, 0, 0, -1]);
    expect(world.qpos[0]).toBeLessThan(JOINT_UPPER_LIMITS[0] + 1e-6);
    expect(world.qpos[0]).toBeGreaterThan(JOINT_UPPER_LIMITS[0] - 1e-3);
    expect([...world.qpos.subarray(7)]).toEqual([0, 0]);
  });

  it('do not push the fingers through the table', () => {
    const world = robotAt(PANDA.restQpos);
    let lowest = 1;
    for (let step = 0; step < 60; step++) {
      control(world, [0, 1, 0, 0, 0, 0, 0, 1]);
      lowest = Math.min(lowest, world.kinematics.tcpPosition[2]);
    }
    expect(lowest).toBeLessThan(0.03);
    expect(lowest).toBeGreaterThan(0);
  });
});
