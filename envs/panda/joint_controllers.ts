import type { Controller, DriveTargets, RobotView } from './controller.js';
import { ARM_JOINTS, JOINT_LOWER_LIMITS, JOINT_UPPER_LIMITS } from './model.js';
import { clipToUnit, gripperAction, gripperTarget, unitBounds } from './normalized_action.js';

const DELTA_STEP = 0.1;
/** Share by which a change may be longer than the longest one and still count as expressed in full. */
const CLIPPING_TOLERANCE = 1e-3;

/** ManiSkill's `PDJointPosController` with `use_delta`: arm target = current position + 0.1 rad·action, clipped. */
export class JointDeltaPositionController implements Controller {
  readonly actionDim = ARM_JOINTS + 1;
  readonly actionLow = unitBounds(this.actionDim, -1);
  readonly actionHigh = unitBounds(this.actionDim, 1);

  setTargets(action: Float32Array, robot: RobotView, targets: DriveTargets): void {
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      targets.arm[joint] = robot.qpos[joint] + DELTA_STEP * clipToUnit(action[joint]);
    }
    targets.fingers = gripperTarget(action[ARM_JOINTS]);
  }

  findAction(targets: DriveTargets, robot: RobotView, action: Float32Array): boolean {
    let longest = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const wanted = (targets.arm[joint] - robot.qpos[joint]) / DELTA_STEP;
      longest = Math.max(longest, Math.abs(wanted));
      action[joint] = clipToUnit(wanted);
    }
    action[ARM_JOINTS] = gripperAction(targets.fingers);
    return longest <= 1 + CLIPPING_TOLERANCE;
  }
}

/**
 * ManiSkill's `PDJointPosController` without normalisation: the arm's part of the action is the target itself, radians.
 * Its bounds are the joint limits, but as in ManiSkill nothing is clipped to them: a target beyond a limit pulls the
 * joint against its stop.
 */
export class JointPositionController implements Controller {
  readonly actionDim = ARM_JOINTS + 1;
  readonly actionLow = [...JOINT_LOWER_LIMITS, -1];
  readonly actionHigh = [...JOINT_UPPER_LIMITS, 1];

  setTargets(action: Float32Array, _robot: RobotView, targets: DriveTargets): void {
    for (let joint = 0; joint < ARM_JOINTS; joint++) targets.arm[joint] = action[joint];
    targets.fingers = gripperTarget(action[ARM_JOINTS]);
  }

  findAction(targets: DriveTargets, _robot: RobotView, action: Float32Array): boolean {
    action.set(targets.arm);
    action[ARM_JOINTS] = gripperAction(targets.fingers);
    return true;
  }
}
