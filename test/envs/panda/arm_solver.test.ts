import { describe, expect, it } from 'vitest';
import { ArmSolver } from '../../../envs/panda/arm_solver.js';
import { CONTROL_MODES, makeController } from '../../../envs/panda/controllers.js';
import { stepFreeFingers } from '../../../envs/panda/gripper.js';
import {
  DEFAULT_BASE_POSE,
  JOINT_UPPER_LIMITS,
  SUBSTEPS_PER_CONTROL_STEP,
} from '../../../envs/panda/model.js';
import { addTableContacts, handVertices } from '../../../envs/panda/table_contacts.js';
import { PANDA } from '../../../envs/robots/panda.js';
import { largestDifference, readEpisodes } from '../parity_fixture.js';

const episodes = readEpisodes();
const NO_VELOCITY = new Float64Array(9);

function armAt(qpos: ArrayLike<number>): ArmSolver {
  const arm = new ArmSolver(PANDA.armBodies, DEFAULT_BASE_POSE);
  arm.reset(qpos, NO_VELOCITY);
  return arm;
}

/** One control step without anything to touch. */
function control(arm: ArmSolver, action: ArrayLike<number>): void {
  const targets = { arm: arm.targets, fingers: 0 };
  makeController('pd_joint_delta_pos').setTargets(Float32Array.from(action), arm, targets);
  for (let substep = 0; substep < SUBSTEPS_PER_CONTROL_STEP; substep++) {
    arm.step();
    stepFreeFingers(arm.qpos, arm.qvel, [targets.fingers, targets.fingers]);
  }
}

describe('pd_joint_delta_pos', () => {
  it('moves joint 1 by 0.0253, 0.0368, 0.0391, 0.0395, 0.0396 rad when +1 is held', () => {
    const { firstObservation } = episodes.find(({ kind }) => kind === 'axis_steps_1')!;
    const arm = armAt(firstObservation.slice(0, 9));
    const moves = [0, 1, 2, 3, 4].map(() => {
      const before = arm.qpos[0];
      control(arm, [1, 0, 0, 0, 0, 0, 0, 1]);
      return arm.qpos[0] - before;
    });
    const expected = [0.0253, 0.0368, 0.0391, 0.0395, 0.0396];
    expect(largestDifference(moves, expected, 5)).toBeLessThan(1e-4);
  });

  it('sets arm targets from the current position and gripper targets from −0.01 to 0.04 m', () => {
    const arm = armAt(PANDA.restQpos);
    const controller = makeController('pd_joint_delta_pos');
    const targets = { arm: new Float64Array(7), fingers: 0 };
    controller.setTargets(Float32Array.of(0.5, 0, 0, -1, 0, 0, 0, -1), arm, targets);
    expect(targets.arm[0]).toBeCloseTo(0.05, 9);
    expect(targets.arm[3]).toBeCloseTo(PANDA.restQpos[3] - 0.1, 9);
    expect(targets.fingers).toBeCloseTo(-0.01, 9);
    controller.setTargets(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 1), arm, targets);
    expect(targets.fingers).toBeCloseTo(0.04, 9);
  });

  it('is among the control modes, and an unknown one is refused with their names', () => {
    expect(CONTROL_MODES).toContain('pd_joint_delta_pos');
    expect(() => makeController('pd_joint_pos_fast')).toThrow('pd_joint_delta_pos');
  });
});

describe('the arm solver', () => {
  it("follows ManiSkill's joints to 1e-4 rad, and the fingers to 0.7 mm, in free space", () => {
    for (const { kind, firstObservation, actions, steps } of episodes) {
      if (kind === 'demo') continue;
      const arm = armAt(firstObservation.slice(0, 9));
      actions.forEach((action, i) => {
        control(
          arm,
          action.map((value) => Math.max(-1, Math.min(1, value))),
        );
        const difference = largestDifference(arm.qpos, steps[i].observation, 7);
        expect(difference, `${kind}, step ${i}`).toBeLessThan(1e-4);
        for (const finger of [7, 8]) {
          expect(Math.abs(arm.qpos[finger] - steps[i].observation[finger])).toBeLessThan(7e-4);
        }
      });
    }
  });

  it('stops at the joint limits', () => {
    const arm = armAt(PANDA.restQpos);
    for (let step = 0; step < 120; step++) control(arm, [1, 0, 0, 0, 0, 0, 0, 1]);
    expect(arm.qpos[0]).toBeLessThanOrEqual(JOINT_UPPER_LIMITS[0] + 1e-9);
    expect(arm.qpos[0]).toBeGreaterThan(JOINT_UPPER_LIMITS[0] - 1e-3);
  });

  it('gives way to a load by load over stiffness', () => {
    const arm = armAt(PANDA.restQpos);
    const rest = arm.qpos.slice();
    for (let step = 0; step < 200; step++) {
      arm.externalTorques.fill(0);
      arm.externalTorques[0] = 5;
      arm.step();
    }
    expect((arm.qpos[0] - rest[0]) / (5 / 1000)).toBeCloseTo(1, 1);
  });

  it('turns a force on the hand into the torques of its lever arms', () => {
    const arm = armAt(PANDA.restQpos);
    const [x, y, z] = arm.kinematics.handPosition;
    arm.addForceOnHand(0, 2, 0, x, y, z);
    expect(arm.externalTorques[0]).toBeCloseTo(2 * (x + 0.615), 9);
  });

  it('does not push the fingers through the table', () => {
    const arm = armAt(PANDA.restQpos);
    let lowest = 1;
    for (let step = 0; step < 60; step++) {
      arm.targets.set(arm.qpos.subarray(0, 7));
      arm.targets[1] += 0.1;
      for (let substep = 0; substep < SUBSTEPS_PER_CONTROL_STEP; substep++) {
        arm.contacts.clear();
        addTableContacts(arm.contacts, arm.kinematics, arm.qpos[7], arm.qpos[8], handVertices([]));
        arm.step();
      }
      lowest = Math.min(lowest, arm.kinematics.tcpPosition[2]);
    }
    expect(lowest).toBeLessThan(0.03);
    expect(lowest).toBeGreaterThan(0);
  });
});
