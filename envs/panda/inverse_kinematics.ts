import { choleskyFactor, choleskySolve } from './cholesky.js';
import { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS } from './model.js';

const DAMPING = 1e-4;
const TASK = 6;

/** Damped-least-squares inverse kinematics of the tool centre point (Wampler, 1986). Allocates nothing per call. */
export class InverseKinematics {
  /** Frames at the joint positions of the last iteration. */
  readonly kinematics: PandaKinematics;
  /** [7, 6] per joint: linear and angular velocity of the tool centre point at 1 rad/s, in the world frame. */
  readonly jacobian = new Float64Array(ARM_JOINTS * TASK);

  private readonly error = new Float64Array(TASK);
  private readonly normal = new Float64Array(TASK * TASK);
  private readonly factor = new Float64Array(TASK * TASK);
  private readonly quaternion = new Float64Array(4);

  /** @param basePose position 3 and quaternion wxyz 4 of the robot's root. */
  constructor(basePose: readonly number[]) {
    this.kinematics = new PandaKinematics(basePose);
  }

  /**
   * Moves the joint positions `qpos` [≥ 7] in place towards the pose `target` [7] (world position, quaternion wxyz)
   * of the tool centre point. Stops when metres and radians of error together fall below `tolerance`, or after
   * `maxIterations`. Joint limits are not heeded. Returns the error before the last iteration.
   */
  solve(qpos: Float64Array, target: Float64Array, maxIterations: number, tolerance: number): number {
    let size = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      this.kinematics.update(qpos);
      size = this.updateError(qpos, target);
      if (size < tolerance) break;
      this.updateJacobian();
      this.dampedStep(qpos);
    }
    return size;
  }

  private updateError(qpos: Float64Array, target: Float64Array): number {
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
    let squares = 0;
    for (let i = 0; i < TASK; i++) squares += error[i] * error[i];
    return Math.sqrt(squares);
  }

  /** Computes `jacobian` at the current frames of `kinematics`. */
  updateJacobian(): void {
    const { jacobian } = this;
    const { axes, positions, tcpPosition } = this.kinematics;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const at = 3 * joint;
      const ax = axes[at];
      const ay = axes[at + 1];
      const az = axes[at + 2];
      const dx = tcpPosition[0] - positions[at];
      const dy = tcpPosition[1] - positions[at + 1];
      const dz = tcpPosition[2] - positions[at + 2];
      const row = TASK * joint;
      jacobian[row] = ay * dz - az * dy;
      jacobian[row + 1] = az * dx - ax * dz;
      jacobian[row + 2] = ax * dy - ay * dx;
      jacobian[row + 3] = ax;
      jacobian[row + 4] = ay;
      jacobian[row + 5] = az;
    }
  }

  /** qpos += Jᵀ·(J·Jᵀ + λI)⁻¹·error */
  private dampedStep(qpos: Float64Array): void {
    const { jacobian, normal, factor, error } = this;
    for (let a = 0; a < TASK; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = a === b ? DAMPING : 0;
        for (let j = 0; j < ARM_JOINTS; j++) sum += jacobian[TASK * j + a] * jacobian[TASK * j + b];
        normal[TASK * a + b] = sum;
      }
    }
    choleskyFactor(normal, TASK, factor);
    choleskySolve(factor, TASK, error);
    for (let j = 0; j < ARM_JOINTS; j++) {
      let change = 0;
      for (let a = 0; a < TASK; a++) change += jacobian[TASK * j + a] * error[a];
      qpos[j] += change;
    }
  }
}
