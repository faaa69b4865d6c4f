import { describe, expect, it } from 'vitest';
import { ClosedLoopInverseKinematics } from '../../../envs/panda/closed_loop_inverse_kinematics.js';
import { CONTROL_MODES, type DriveTargets, makeController } from '../../../envs/panda/controllers.js';
import { PandaKinematics } from '../../../envs/panda/kinematics.js';
import { DEFAULT_BASE_POSE, JOINT_LOWER_LIMITS, REST_QPOS } from '../../../envs/panda/model.js';
import { distanceAt, largestDifference, readEpisodes } from '../parity_fixture.js';

/** The targets that a fresh controller sets at the joint positions `qpos` [9]. */
function targetsOf(controlMode: string, action: ArrayLike<number>, qpos: ArrayLike<number>): DriveTargets {
  const robot = {
    qpos: Float64Array.from(qpos),
    qvel: new Float64Array(9),
    kinematics: new PandaKinematics(DEFAULT_BASE_POSE),
  };
  const targets = { arm: new Float64Array(7), fingers: 0 };
  makeController(controlMode).setTargets(Float32Array.from(action), robot, targets);
  return targets;
}

/** How a controller's targets move the tool centre point from the rest configuration, metres. */
function translationOf(controlMode: string, action: number[]): number[] {
  const kinematics = new PandaKinematics(DEFAULT_BASE_POSE);
  kinematics.update(Float64Array.from(REST_QPOS));
  const before = kinematics.tcpPosition.slice();
  kinematics.update(targetsOf(controlMode, action, REST_QPOS).arm);
  return Array.from(kinematics.tcpPosition, (value, axis) => value - before[axis]);
}

describe('every control mode', () => {
  it.each(CONTROL_MODES)('%s has the gripper of the others, clipped', (controlMode) => {
    const { actionDim } = makeController(controlMode);
    const fingersAt = (gripper: number) => {
      const action = new Float32Array(actionDim);
      action[actionDim - 1] = gripper;
      return targetsOf(controlMode, action, REST_QPOS).fingers;
    };
    expect(fingersAt(-1)).toBeCloseTo(-0.01, 12);
    expect(fingersAt(0)).toBe(0.015);
    expect(fingersAt(1)).toBeCloseTo(0.04, 12);
    expect(fingersAt(7)).toBe(fingersAt(1));
    expect(fingersAt(-7)).toBe(fingersAt(-1));
  });
});

describe('pd_joint_pos', () => {
  it('takes the action as the target, radians, even beyond the joint limits', () => {
    const action = [0.5, -1.25, 2, -2.5, 0, 3.5, -4, 1];
    expect([...targetsOf('pd_joint_pos', action, REST_QPOS).arm]).toEqual(action.slice(0, 7));
  });

  it('is bounded by the joint limits, radians', () => {
    const { actionDim, actionLow } = makeController('pd_joint_pos');
    expect(actionDim).toBe(8);
    expect(actionLow).toEqual([...JOINT_LOWER_LIMITS, -1]);
  });
});

describe('pd_ee_delta_pose', () => {
  const episodes = readEpisodes('pd_ee_delta_pose');

  it('sets the drive targets that ManiSkill set, to 1.1e-5 rad, and stays where ManiSkill found none', () => {
    let stays = 0;
    for (const { kind, firstObservation, actions, steps } of episodes) {
      actions.forEach((action, i) => {
        const qpos = (i === 0 ? firstObservation : steps[i - 1].observation).slice(0, 9);
        const { arm, fingers } = targetsOf('pd_ee_delta_pose', action, qpos);
        const { armTargets, gripperTargets } = steps[i];
        expect(largestDifference(arm, armTargets, 7), `${kind}, step ${i}`).toBeLessThan(1.1e-5);
        expect(fingers).toBeCloseTo(gripperTargets[0], 7);
        const asksToMove = Math.hypot(...action.slice(0, 6)) > 0.01;
        if (asksToMove && largestDifference(armTargets, qpos, 7) === 0) {
          stays++;
          expect([...arm]).toEqual(qpos.slice(0, 7));
        }
      });
    }
    expect(stays).toBe(10);
  });

  it('shortens rotations beyond length 1 instead of clipping their parts', () => {
    const long = targetsOf('pd_ee_delta_pose', [0, 0, 0, 3, 4, 0, 1], REST_QPOS).arm;
    const short = targetsOf('pd_ee_delta_pose', [0, 0, 0, 0.6, 0.8, 0, 1], REST_QPOS).arm;
    const clipped = targetsOf('pd_ee_delta_pose', [0, 0, 0, 1, 1, 0, 1], REST_QPOS).arm;
    expect(largestDifference(long, short, 7)).toBeLessThan(1e-7);
    expect(largestDifference(long, clipped, 7)).toBeGreaterThan(1e-3);
  });

  it('turns by −0.1 rad for an action of 1', () => {
    const kinematics = new ClosedLoopInverseKinematics();
    const before = new Float64Array(7);
    const after = new Float64Array(7);
    kinematics.tcpPose(Float64Array.from(REST_QPOS), before);
    kinematics.tcpPose(targetsOf('pd_ee_delta_pose', [0, 0, 0, 0, 0, 1, 1], REST_QPOS).arm, after);
    const [w, x, y, z] = before.subarray(3);
    const half = -0.05;
    const turned = [
      Math.cos(half) * w - Math.sin(half) * z,
      Math.cos(half) * x - Math.sin(half) * y,
      Math.cos(half) * y + Math.sin(half) * x,
      Math.cos(half) * z + Math.sin(half) * w,
    ];
    expect(largestDifference(after.subarray(3), turned, 4)).toBeLessThan(1e-4);
    expect(distanceAt(after, before, 0)).toBeLessThan(1e-4);
  });
});

describe('pd_ee_delta_pos', () => {
  it('moves the tool by 0.1 m·action in the root frame, short by up to 0.1 mm, each axis clipped', () => {
    expect(
      distanceAt(translationOf('pd_ee_delta_pos', [0.5, -0.3, 0.2, 1]), [0.05, -0.03, 0.02], 0),
    ).toBeLessThan(1.1e-4);
    expect(distanceAt(translationOf('pd_ee_delta_pos', [-2, 0, 0, 1]), [-0.1, 0, 0], 0)).toBeLessThan(1.1e-4);
  });

  it('is pd_ee_delta_pose without rotation', () => {
    const position = targetsOf('pd_ee_delta_pos', [0.4, 0.9, -1, 1], REST_QPOS);
    const pose = targetsOf('pd_ee_delta_pose', [0.4, 0.9, -1, 0, 0, 0, 1], REST_QPOS);
    expect(position).toEqual(pose);
  });
});

describe('closed-loop inverse kinematics', () => {
  const solver = new ClosedLoopInverseKinematics();

  it('leaves joint positions alone that are already there, and says so when a pose is out of reach', () => {
    const qpos = Float64Array.from(REST_QPOS);
    const target = new Float64Array(7);
    solver.tcpPose(qpos, target);
    expect(solver.solve(qpos, target)).toBe(true);
    expect([...qpos]).toEqual([...REST_QPOS]);
    target[0] += 2;
    expect(solver.solve(qpos, target)).toBe(false);
  });
});
