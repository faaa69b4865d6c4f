import { DampedLeastSquares, POSE_ERROR_SIZE } from './damped_least_squares.js';
import { PandaKinematics } from './kinematics.js';

const DAMPING = 1e-4;

/**
 * Quick inverse kinematics of the tool centre point, by damped least squares with whole steps. Allocates nothing per
 * call. For the joint positions that ManiSkill's controllers find, see `closed_loop_inverse_kinematics.ts`.
 */
export class InverseKinematics {
  /** Frames at the joint positions of the last iteration. */
  readonly kinematics: PandaKinematics;

  private readonly leastSquares = new DampedLeastSquares(DAMPING);
  private readonly error = new Float64Array(POSE_ERROR_SIZE);
  private readonly quaternion = new Float64Array(4);

  /** @param basePose position 3 and quaternion wxyz 4 of the robot's root. */
  constructor(basePose: readonly number[]) {
    this.kinematics = new PandaKinematics(basePose);
  }

  /**
   * Moves the joint positions `qpos` [≥ 7] in place towards the pose `target` [7] (world position, quaternion wxyz)
   * of the tool centre point; with `turnsFreely`, only towards its position. Stops when metres and radians of error
   * together fall below `tolerance`, or after `maxIterations`. Joint limits are not heeded. Returns the error before the
   * last iteration.
   */
  solve(
    qpos: Float64Array,
    target: Float64Array,
    maxIterations: number,
    tolerance: number,
    turnsFreely = false,
  ): number {
    let size = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      this.kinematics.update(qpos);
      size = this.updateError(qpos, target, turnsFreely);
      if (size < tolerance) break;
      this.leastSquares.updateJacobian(this.kinematics, this.kinematics.tcpPosition);
      if (turnsFreely) this.leastSquares.ignoreTurns();
      this.leastSquares.step(qpos, this.error, 1);
    }
    return size;
  }

  private updateError(qpos: Float64Array, target: Float64Array, turnsFreely: boolean): number {
    const { error, quaternion: q } = this;
    const { tcpPosition } = this.kinematics;
    this.kinematics.handQuaternion(qpos, q);
    for (let axis = 0; axis < 3; axis++) error[axis] = target[axis] - tcpPosition[axis];
    // Rotation from here to the target, as a small rotation vector: 2·vec(target ⊗ q*).
    const w = target[3];
    const x = target[4];
    const y = target[5];
    const z = target[6];
    const sign = w * q[0] + x * q[1] + y * q[2] + z * q[3] < 0 ? -2 : 2;
    error[3] = sign * (-w * q[1] + x * q[0] - y * q[3] + z * q[2]);
    error[4] = sign * (-w * q[2] + x * q[3] + y * q[0] - z * q[1]);
    error[5] = sign * (-w * q[3] - x * q[2] + y * q[1] + z * q[0]);
    if (turnsFreely) error.fill(0, 3);
    let squares = 0;
    for (let i = 0; i < POSE_ERROR_SIZE; i++) squares += error[i] * error[i];
    return Math.sqrt(squares);
  }
}
