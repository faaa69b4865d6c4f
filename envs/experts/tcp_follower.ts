import { InverseKinematics } from '../panda/inverse_kinematics.js';
import { ARM_JOINTS } from '../panda/model.js';
import type { Aim } from './script.js';

/** The tool centre point is led at most this far ahead, metres. */
const LEAD = 0.2;
/** Radians that an action of 1 asks for, and how far to ask beyond the goal: a step covers only part of it. */
const ACTION_SCALE = 0.1;
const GAIN = 1.8;
const MAX_ITERATIONS = 6;

/** Turns "move the tool centre point there" into joint actions, by inverse kinematics. Keeps nothing between calls. */
export class TcpFollower {
  private readonly inverseKinematics: InverseKinematics;
  private readonly qpos = new Float64Array(ARM_JOINTS);
  private readonly pose = new Float64Array(7);

  /**
   * @param basePose position 3 and quaternion wxyz 4 of the robot's root.
   * @param tolerance metres and radians together by which the tool may stay off its target.
   */
  constructor(
    basePose: readonly number[],
    private readonly tolerance: number,
  ) {
    this.inverseKinematics = new InverseKinematics(basePose);
  }

  /**
   * Writes the arm's part [7] of the action that leads from the joint positions in `observation` [from 0] and the tool
   * centre point at `tcp` [≥ 3] towards where `aim` has it at `speed` (see {@link Aim.speed}) into `action`, as shares
   * of 0.1 rad. Returns the largest of them.
   */
  follow(
    observation: Float32Array,
    tcp: ArrayLike<number>,
    { target, orientation, turnsFreely }: Aim,
    speed: number,
    action: Float32Array,
  ): number {
    const { qpos, pose } = this;
    const dx = target[0] - tcp[0];
    const dy = target[1] - tcp[1];
    const dz = target[2] - tcp[2];
    const share = Math.min(1, LEAD / Math.max(Math.sqrt(dx * dx + dy * dy + dz * dz), 1e-9));
    pose[0] = tcp[0] + share * dx;
    pose[1] = tcp[1] + share * dy;
    pose[2] = tcp[2] + share * dz;
    pose.set(orientation, 3);
    for (let i = 0; i < ARM_JOINTS; i++) qpos[i] = observation[i];
    this.inverseKinematics.solve(qpos, pose, MAX_ITERATIONS, this.tolerance, turnsFreely);
    let largest = 0;
    for (let i = 0; i < ARM_JOINTS; i++) {
      action[i] = ((qpos[i] - observation[i]) / ACTION_SCALE) * GAIN;
      largest = Math.max(largest, Math.abs(action[i]));
    }
    const scale = Math.max(1, largest);
    for (let i = 0; i < ARM_JOINTS; i++) {
      action[i] = Math.max(-1, Math.min(1, action[i] * (speed / scale)));
    }
    return Math.min(1, (largest * speed) / scale);
  }
}
