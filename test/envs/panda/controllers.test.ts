import { describe, expect, it } from 'vitest';
import { ClosedLoopInverseKinematics } from '../../../envs/panda/closed_loop_inverse_kinematics.js';
import type { DriveTargets } from '../../../envs/panda/controller.js';
import { CONTROL_MODES, makeController } from '../../../envs/panda/controllers.js';
import { PandaKinematics } from '../../../envs/panda/kinematics.js';
import { DEFAULT_BASE_POSE, JOINT_LOWER_LIMITS } from '../../../envs/panda/model.js';
import { PANDA } from '../../../envs/robots/panda.js';
import { distanceAt, largestDifference, readEpisodes } from '../parity_fixture.js';

/** The targets that a fresh controller sets at the joint positions `qpos` [9]. */
function targetsOf(controlMode: string, action: ArrayLike<number>, qpos: ArrayLike<number>): DriveTargets {
  const targets = { arm: new Float64Array(7), fingers: 0 };
  const robot = { qpos: Float64Array.from(qpos) };
  makeController(controlMode).setTargets(Float32Array.from(action), robot, targets);
  return targets;
}

/** The action that a fresh controller finds for targets, at the rest configuration. */
function actionFor(controlMode: string, targets: DriveTargets): { action: number[]; isWhole: boolean } {
  const controller = makeController(controlMode);
  const action = new Float32Array(controller.actionDim);
  const isWhole = controller.findAction(targets, { qpos: Float64Array.from(PANDA.restQpos) }, action);
  return { action: [...action], isWhole };
}

/** The pose [7] of the tool centre point with the arm at its targets. */
function tcpPoseAt({ arm }: DriveTargets): Float64Array {
  const pose = new Float64Array(7);
  new ClosedLoopInverseKinematics().tcpPose(arm, pose);
  return pose;
}

/** Translation of the tool centre point from the rest configuration to a controller's targets, metres. */
function translationOf(controlMode: string, action: number[]): number[] {
  const kinematics = new PandaKinematics(DEFAULT_BASE_POSE);
  kinematics.update(Float64Array.from(PANDA.restQpos));
  const before = kinematics.tcpPosition.slice();
  kinematics.update(targetsOf(controlMode, action, PANDA.restQpos).arm);
  return Array.from(kinematics.tcpPosition, (value, axis) => value - before[axis]);
}

describe('every control mode', () => {
  it.each(CONTROL_MODES)('%s has the gripper of the others, clipped', (controlMode) => {
    const { actionDim } = makeController(controlMode);
    const fingersAt = (gripper: number) => {
      const action = new Float32Array(actionDim);
      action[actionDim - 1] = gripper;
      return targetsOf(controlMode, action, PANDA.restQpos).fingers;
    };
    expect(fingersAt(-1)).toBeCloseTo(-0.01, 12);
    expect(fingersAt(0)).toBe(0.015);
    expect(fingersAt(1)).toBeCloseTo(0.04, 12);
    expect(fingersAt(7)).toBe(fingersAt(1));
    expect(fingersAt(-7)).toBe(fingersAt(-1));
  });
});

describe('the action found for targets', () => {
  const ACTIONS: Record<string, number[]> = {
    pd_joint_pos: [0.5, -1.25, 2, -2.5, 0, 3.5, -1, 0.25],
    pd_joint_delta_pos: [0.5, -0.25, 1, -1, 0, 0.125, 0.75, -1],
    pd_ee_delta_pos: [0.5, -0.9, 0.25, 1],
    pd_ee_delta_pose: [0.5, -0.9, 0.25, 0.5, -0.5, 0.7, 1],
  };

  it.each(CONTROL_MODES)('%s: is the one that set them', (controlMode) => {
    const given = ACTIONS[controlMode];
    const { action, isWhole } = actionFor(controlMode, targetsOf(controlMode, given, PANDA.restQpos));
    // Inverse kinematics stops up to 1e-4 m and rad short: 1e-3 of an action.
    const tolerance = controlMode.includes('ee') ? 1e-3 : 1e-6;
    expect(largestDifference(action, given, given.length)).toBeLessThan(tolerance);
    expect(isWhole).toBe(true);
  });

  it.each([
    ['pd_joint_delta_pos', [1, -1, 0, 0, 0, 0, 0, -1]],
    ['pd_ee_delta_pose', [1, 0, 0, 0, 0, 0, -1]],
    ['pd_ee_delta_pos', [1, 0, 0, -1]],
  ])('%s: is clipped, and says so, where the targets are too far', (controlMode, expected) => {
    const far = Float64Array.from(PANDA.restQpos);
    if (controlMode === 'pd_joint_delta_pos') {
      far[0] += 0.3;
      far[1] -= 0.2;
    } else {
      const pose = tcpPoseAt({ arm: far, fingers: 0 });
      pose[0] += 0.13;
      expect(new ClosedLoopInverseKinematics().solve(far, pose)).toBe(true);
    }
    const { action, isWhole } = actionFor(controlMode, { arm: far.subarray(0, 7), fingers: -0.01 });
    expect(isWhole).toBe(false);
    expect(largestDifference(action, expected, expected.length)).toBeLessThan(2e-3);
  });

  it('pd_ee_delta_pose: a large turn is shortened to length 1 and leads there in several steps', () => {
    const target = targetsOf(
      'pd_joint_pos',
      [...PANDA.restQpos.slice(0, 6), PANDA.restQpos[6] + 0.35, 1],
      [],
    );
    const controller = makeController('pd_ee_delta_pose');
    const robot = { qpos: Float64Array.from(PANDA.restQpos) };
    const action = new Float32Array(7);
    let steps = 1;
    for (; !controller.findAction(target, robot, action); steps++) {
      expect(Math.hypot(...action.subarray(3, 6))).toBeCloseTo(1, 6);
      const reached = { arm: new Float64Array(7), fingers: 0 };
      controller.setTargets(action, robot, reached);
      robot.qpos.set(reached.arm);
    }
    expect(steps).toBe(4);
    const reached = targetsOf('pd_ee_delta_pose', [...action], robot.qpos);
    expect(largestDifference(tcpPoseAt(reached), tcpPoseAt(target), 7)).toBeLessThan(2e-4);
  });

  it('pd_ee_delta_pos: leaves rotations out', () => {
    const turned = targetsOf('pd_ee_delta_pose', [0.3, 0, 0, 0.5, 0.5, 0.5, 1], PANDA.restQpos);
    const { action, isWhole } = actionFor('pd_ee_delta_pos', turned);
    expect(largestDifference(action, [0.3, 0, 0, 1], 4)).toBeLessThan(2e-3);
    expect(isWhole).toBe(true);
  });
});

describe('pd_joint_pos', () => {
  it('takes the action as the target, radians, even beyond the joint limits', () => {
    const action = [0.5, -1.25, 2, -2.5, 0, 3.5, -4, 1];
    expect([...targetsOf('pd_joint_pos', action, PANDA.restQpos).arm]).toEqual(action.slice(0, 7));
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
    const long = targetsOf('pd_ee_delta_pose', [0, 0, 0, 3, 4, 0, 1], PANDA.restQpos).arm;
    const short = targetsOf('pd_ee_delta_pose', [0, 0, 0, 0.6, 0.8, 0, 1], PANDA.restQpos).arm;
    const clipped = targetsOf('pd_ee_delta_pose', [0, 0, 0, 1, 1, 0, 1], PANDA.restQpos).arm;
    expect(largestDifference(long, short, 7)).toBeLessThan(1e-7);
    expect(largestDifference(long, clipped, 7)).toBeGreaterThan(1e-3);
  });

  it('turns by −0.1 rad for an action of 1', () => {
    const kinematics = new ClosedLoopInverseKinematics();
    const before = new Float64Array(7);
    const after = new Float64Array(7);
    kinematics.tcpPose(Float64Array.from(PANDA.restQpos), before);
    kinematics.tcpPose(targetsOf('pd_ee_delta_pose', [0, 0, 0, 0, 0, 1, 1], PANDA.restQpos).arm, after);
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
    const position = targetsOf('pd_ee_delta_pos', [0.4, 0.9, -1, 1], PANDA.restQpos);
    const pose = targetsOf('pd_ee_delta_pose', [0.4, 0.9, -1, 0, 0, 0, 1], PANDA.restQpos);
    expect(position).toEqual(pose);
  });
});

describe('closed-loop inverse kinematics', () => {
  const solver = new ClosedLoopInverseKinematics();

  it('leaves joint positions alone that are already there, and says so when a pose is out of reach', () => {
    const qpos = Float64Array.from(PANDA.restQpos);
    const target = new Float64Array(7);
    solver.tcpPose(qpos, target);
    expect(solver.solve(qpos, target)).toBe(true);
    expect([...qpos]).toEqual([...PANDA.restQpos]);
    target[0] += 2;
    expect(solver.solve(qpos, target)).toBe(false);
  });
});
