import { ClosedLoopInverseKinematics } from './closed_loop_inverse_kinematics.js';
import type { Controller, DriveTargets, RobotView } from './controller.js';
import { ARM_JOINTS } from './model.js';
import { clipToUnit, gripperAction, gripperTarget, unitBounds } from './normalized_action.js';

const TRANSLATION_STEP = 0.1;
/** Negative, as ManiSkill multiplies the rotation by the lower of its two bounds, ±0.1 rad. */
const ROTATION_STEP = -0.1;

/**
 * ManiSkill's `PDEEPosController` and `PDEEPoseController` with `use_delta`: moves the tool centre point from where it
 * is now, in the frame of the robot's root. The action is the translation [3], for `pose` the rotation [3] about the
 * root's axes, and the gripper [1].
 *
 * - Translation: 0.1 m·action, each part clipped to [−1, 1].
 * - Rotation: shortened to length 1 if it is longer (not clipped part by part), times −0.1 rad, read as the intrinsic
 *   Euler angles XYZ that are turned on top of the present orientation. `pd_ee_delta_pos` keeps the orientation.
 *
 * The drives' targets are found by inverse kinematics. Where that fails, out of reach for example, the arm is told to
 * stay where it is.
 */
export class EndEffectorDeltaController implements Controller {
  readonly actionDim: number;
  readonly actionLow: readonly number[];
  readonly actionHigh: readonly number[];

  private readonly inverseKinematics = new ClosedLoopInverseKinematics();
  private readonly qpos = new Float64Array(ARM_JOINTS);
  private readonly pose = new Float64Array(7);
  private readonly targetPose = new Float64Array(7);

  constructor(private readonly kind: 'position' | 'pose') {
    this.actionDim = kind === 'pose' ? 7 : 4;
    this.actionLow = unitBounds(this.actionDim, -1);
    this.actionHigh = unitBounds(this.actionDim, 1);
  }

  setTargets(action: Float32Array, robot: RobotView, targets: DriveTargets): void {
    const { qpos, pose } = this;
    for (let joint = 0; joint < ARM_JOINTS; joint++) qpos[joint] = robot.qpos[joint];
    this.inverseKinematics.tcpPose(qpos, pose);
    for (let axis = 0; axis < 3; axis++) pose[axis] += TRANSLATION_STEP * clipToUnit(action[axis]);
    if (this.kind === 'pose') turn(pose, action[3], action[4], action[5]);
    const reached = this.inverseKinematics.solve(qpos, pose);
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      targets.arm[joint] = reached ? qpos[joint] : robot.qpos[joint];
    }
    targets.fingers = gripperTarget(action[this.actionDim - 1]);
  }

  /**
   * Aims at the pose that the tool centre point has with the arm at its targets, not at those joint positions: the
   * elbow may end elsewhere. `pd_ee_delta_pos` heeds the position only.
   */
  findAction(targets: DriveTargets, robot: RobotView, action: Float32Array): boolean {
    const { pose, targetPose, inverseKinematics } = this;
    inverseKinematics.tcpPose(robot.qpos, pose);
    inverseKinematics.tcpPose(targets.arm, targetPose);
    let isInReach = true;
    for (let axis = 0; axis < 3; axis++) {
      const wanted = (targetPose[axis] - pose[axis]) / TRANSLATION_STEP;
      isInReach &&= Math.abs(wanted) <= 1;
      action[axis] = clipToUnit(wanted);
    }
    if (this.kind === 'pose') {
      const wanted = turnsBetween(pose, targetPose).map((angle) => angle / ROTATION_STEP);
      const length = Math.hypot(...wanted);
      isInReach &&= length <= 1;
      for (let axis = 0; axis < 3; axis++) action[3 + axis] = wanted[axis] / Math.max(1, length);
    }
    action[this.actionDim - 1] = gripperAction(targets.fingers);
    return isInReach;
  }
}

/** Turns the quaternion wxyz in `pose` [from 3] by the rotation part (x, y, z) of an action. */
function turn(pose: Float64Array, x: number, y: number, z: number): void {
  const half = (0.5 * ROTATION_STEP) / Math.max(1, Math.sqrt(x * x + y * y + z * z));
  const cx = Math.cos(half * x);
  const sx = Math.sin(half * x);
  const cy = Math.cos(half * y);
  const sy = Math.sin(half * y);
  const cz = Math.cos(half * z);
  const sz = Math.sin(half * z);
  // The quaternion of the turns about x, y and z, multiplied in this order.
  const aw = cx * cy * cz - sx * sy * sz;
  const ax = sx * cy * cz + cx * sy * sz;
  const ay = cx * sy * cz - sx * cy * sz;
  const az = cx * cy * sz + sx * sy * cz;
  const bw = pose[3];
  const bx = pose[4];
  const by = pose[5];
  const bz = pose[6];
  pose[3] = aw * bw - ax * bx - ay * by - az * bz;
  pose[4] = aw * bx + ax * bw + ay * bz - az * by;
  pose[5] = aw * by - ax * bz + ay * bw + az * bx;
  pose[6] = aw * bz + ax * by - ay * bx + az * bw;
}

/** The intrinsic Euler angles XYZ that turn the orientation of pose `from` [7] into that of pose `to`. */
function turnsBetween(from: Float64Array, to: Float64Array): [number, number, number] {
  // to ⊗ from*
  const w = to[3] * from[3] + to[4] * from[4] + to[5] * from[5] + to[6] * from[6];
  const x = -to[3] * from[4] + to[4] * from[3] - to[5] * from[6] + to[6] * from[5];
  const y = -to[3] * from[5] + to[4] * from[6] + to[5] * from[3] - to[6] * from[4];
  const z = -to[3] * from[6] - to[4] * from[5] + to[5] * from[4] + to[6] * from[3];
  return [
    Math.atan2(2 * (w * x - y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(Math.max(-1, Math.min(1, 2 * (w * y + x * z)))),
    Math.atan2(2 * (w * z - x * y), 1 - 2 * (y * y + z * z)),
  ];
}
