import { DampedLeastSquares, POSE_ERROR_SIZE } from './damped_least_squares.js';
import { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS, HAND_OFFSET, TCP_OFFSET } from './model.js';

/** SAPIEN's settings, and ManiSkill's number of iterations. */
const DAMPING = 1e-6;
const STEP_SHARE = 0.1;
const TOLERANCE = 1e-4;
const MAX_ITERATIONS = 100;

const TCP_FROM_LINK7 = HAND_OFFSET + TCP_OFFSET;
const ROOT_POSE = [0, 0, 0, 1, 0, 0, 0];

/**
 * The inverse kinematics behind ManiSkill's end-effector controllers on its CPU simulator: SAPIEN's solver over
 * Pinocchio (`PinocchioModel.compute_inverse_kinematics`). From the present joint positions it goes a tenth of the way
 * per iteration, along the twist (logarithm of the relative pose) of link 7, until that twist, metres and radians
 * together, is shorter than 1e-4. So it stops that much short of the target, and where in the arm's null space it ends
 * depends on the path: fewer, longer steps would give other joint positions. Joint limits are not heeded. Works in the
 * frame of the robot's root; allocates nothing per call.
 */
export class ClosedLoopInverseKinematics {
  private readonly kinematics = new PandaKinematics(ROOT_POSE);
  private readonly link7Position = this.kinematics.positions.subarray(3 * (ARM_JOINTS - 1));
  private readonly leastSquares = new DampedLeastSquares(DAMPING);
  private readonly error = new Float64Array(POSE_ERROR_SIZE);
  private readonly quaternion = new Float64Array(4);
  private readonly goal = new Float64Array(3);

  /** Writes the pose of the tool centre point at `qpos` [≥ 7] into `out` [7]: position, quaternion wxyz. */
  tcpPose(qpos: Float64Array, out: Float64Array): void {
    this.kinematics.update(qpos);
    this.kinematics.handQuaternion(qpos, this.quaternion);
    out.set(this.kinematics.tcpPosition);
    out.set(this.quaternion, 3);
  }

  /**
   * Moves the joint positions `qpos` [≥ 7] in place towards the pose `target` [7] (position, quaternion wxyz) of the
   * tool centre point. Returns true if it got there; if not, `qpos` is of no use.
   */
  solve(qpos: Float64Array, target: Float64Array): boolean {
    this.updateGoal(target);
    for (let iteration = 0; ; iteration++) {
      this.kinematics.update(qpos);
      if (this.updateError(qpos, target) < TOLERANCE) return true;
      if (iteration === MAX_ITERATIONS) return false;
      this.leastSquares.updateJacobian(this.kinematics, this.link7Position);
      this.leastSquares.step(qpos, this.error, STEP_SHARE);
    }
  }

  /** Sets `goal` to link 7's position when the tool centre point has the pose `target`. */
  private updateGoal(target: Float64Array): void {
    const { goal } = this;
    const w = target[3];
    const x = target[4];
    const y = target[5];
    const z = target[6];
    goal[0] = target[0] - TCP_FROM_LINK7 * 2 * (x * z + w * y);
    goal[1] = target[1] - TCP_FROM_LINK7 * 2 * (y * z - w * x);
    goal[2] = target[2] - TCP_FROM_LINK7 * (1 - 2 * (x * x + y * y));
  }

  /**
   * Sets `error` to the twist from link 7 as it is to its goal, and returns its length. Expressed along the root's axes,
   * not link 7's as in Pinocchio: neither its length nor the step that follows from it depends on that.
   */
  private updateError(qpos: Float64Array, target: Float64Array): number {
    const { error, goal, link7Position, quaternion: q } = this;
    this.kinematics.handQuaternion(qpos, q);
    const dot = target[3] * q[0] + target[4] * q[1] + target[5] * q[2] + target[6] * q[3];
    const sign = dot < 0 ? -1 : 1;
    const x = sign * (-target[3] * q[1] + target[4] * q[0] - target[5] * q[3] + target[6] * q[2]);
    const y = sign * (-target[3] * q[2] + target[4] * q[3] + target[5] * q[0] - target[6] * q[1]);
    const z = sign * (-target[3] * q[3] - target[4] * q[2] + target[5] * q[1] + target[6] * q[0]);
    const sinHalf = Math.sqrt(x * x + y * y + z * z);
    const angle = 2 * Math.atan2(sinHalf, sign * dot);
    const scale = angle < 1e-9 ? 2 : angle / sinHalf;
    const wx = scale * x;
    const wy = scale * y;
    const wz = scale * z;
    const px = goal[0] - link7Position[0];
    const py = goal[1] - link7Position[1];
    const pz = goal[2] - link7Position[2];
    // p − ½·ω×p + β·ω×(ω×p), with ω the rotation vector: the translation along the screw to the goal.
    const beta = screwCoefficient(angle);
    const cx = wy * pz - wz * py;
    const cy = wz * px - wx * pz;
    const cz = wx * py - wy * px;
    error[0] = px - 0.5 * cx + beta * (wy * cz - wz * cy);
    error[1] = py - 0.5 * cy + beta * (wz * cx - wx * cz);
    error[2] = pz - 0.5 * cz + beta * (wx * cy - wy * cx);
    error[3] = wx;
    error[4] = wy;
    error[5] = wz;
    let squares = 0;
    for (let i = 0; i < POSE_ERROR_SIZE; i++) squares += error[i] * error[i];
    return Math.sqrt(squares);
  }
}

/** 1/θ² − sin θ / (2θ·(1 − cos θ)), and its limit where that loses its digits. */
function screwCoefficient(angle: number): number {
  if (angle < 1e-3) return 1 / 12;
  return 1 / (angle * angle) - Math.sin(angle) / (2 * angle * (1 - Math.cos(angle)));
}
