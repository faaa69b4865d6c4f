import { choleskyFactor, choleskySolve } from './cholesky.js';
import type { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS } from './model.js';

/** Parts of a pose error: translation 3, rotation vector 3. */
export const POSE_ERROR_SIZE = 6;
const TASK = POSE_ERROR_SIZE;

/** The step of the arm's joints that lessens a pose error, by damped least squares (Wampler, 1986). Allocates nothing. */
export class DampedLeastSquares {
  /** [7, 6] per joint: linear velocity of a point on the hand and angular velocity at 1 rad/s. */
  readonly jacobian = new Float64Array(ARM_JOINTS * TASK);

  private readonly normal = new Float64Array(TASK * TASK);
  private readonly factor = new Float64Array(TASK * TASK);

  /** @param damping λ, added to the diagonal of J·Jᵀ. */
  constructor(private readonly damping: number) {}

  /** Computes `jacobian` for the point [3] at the frames of `kinematics`, in the frame that these are given in. */
  updateJacobian({ axes, positions }: PandaKinematics, point: Float64Array): void {
    const { jacobian } = this;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const at = 3 * joint;
      const ax = axes[at];
      const ay = axes[at + 1];
      const az = axes[at + 2];
      const dx = point[0] - positions[at];
      const dy = point[1] - positions[at + 1];
      const dz = point[2] - positions[at + 2];
      const row = TASK * joint;
      jacobian[row] = ay * dz - az * dy;
      jacobian[row + 1] = az * dx - ax * dz;
      jacobian[row + 2] = ax * dy - ay * dx;
      jacobian[row + 3] = ax;
      jacobian[row + 4] = ay;
      jacobian[row + 5] = az;
    }
  }

  /** Leaves the rotation out of `jacobian`, so that a step may turn the hand in any way. */
  ignoreTurns(): void {
    for (let joint = 0; joint < ARM_JOINTS; joint++)
      this.jacobian.fill(0, TASK * joint + 3, TASK * (joint + 1));
  }

  /** qpos += share·Jᵀ·(J·Jᵀ + λI)⁻¹·error, in place; overwrites `error` [6]. */
  step(qpos: Float64Array, error: Float64Array, share: number): void {
    const { jacobian, normal, factor } = this;
    for (let a = 0; a < TASK; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = a === b ? this.damping : 0;
        for (let j = 0; j < ARM_JOINTS; j++) sum += jacobian[TASK * j + a] * jacobian[TASK * j + b];
        normal[TASK * a + b] = sum;
      }
    }
    choleskyFactor(normal, TASK, factor);
    choleskySolve(factor, TASK, error);
    for (let j = 0; j < ARM_JOINTS; j++) {
      let change = 0;
      for (let a = 0; a < TASK; a++) change += jacobian[TASK * j + a] * error[a];
      qpos[j] += share * change;
    }
  }
}
