import type { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS, PHYSICS_TIMESTEP } from './model.js';

const CAPACITY = 24;
const NO_LIMIT = 1e9;
/** Share of a penetration that is pushed out per physics step, and the greatest speed of that, m/s. */
const RECOVERY = 0.2;
const MAX_RECOVERY_SPEED = 1;

/** Point contacts of the arm with something horizontal below it, as rows of the arm solver's Gauss-Seidel loop. */
export class ContactRows {
  count = 0;
  /** Factor on the friction of contacts that are added from now on. */
  frictionScale = 1;
  private readonly points = new Float64Array(3 * CAPACITY);
  private readonly separations = new Float64Array(CAPACITY);
  private readonly joints = new Int32Array(CAPACITY);
  private readonly frictions = new Float64Array(CAPACITY);
  private readonly maxImpulses = new Float64Array(CAPACITY);
  /** [count, 3, 7]: point velocity along z, x, y at 1 rad/s of each joint, and M⁻¹ times it. */
  private readonly jacobian = new Float64Array(3 * ARM_JOINTS * CAPACITY);
  private readonly response = new Float64Array(3 * ARM_JOINTS * CAPACITY);
  private readonly effectiveMasses = new Float64Array(3 * CAPACITY);
  private readonly impulses = new Float64Array(3 * CAPACITY);

  clear(): void {
    this.count = 0;
  }

  /**
   * Adds a contact at a world point that moves with the body after arm joint `joint` (0 to 6), or with a finger (7), which
   * here counts as fixed to the hand. `separation` is its height above what it touches, metres; `maxImpulse` limits the
   * normal impulse per physics step, N·s. Contacts beyond the capacity of 24 are left out.
   */
  add(
    x: number,
    y: number,
    z: number,
    separation: number,
    joint: number,
    friction: number,
    maxImpulse = NO_LIMIT,
  ): void {
    if (this.count === CAPACITY) return;
    const contact = this.count++;
    this.points[3 * contact] = x;
    this.points[3 * contact + 1] = y;
    this.points[3 * contact + 2] = z;
    this.separations[contact] = separation;
    this.joints[contact] = joint;
    this.frictions[contact] = this.frictionScale * friction;
    this.maxImpulses[contact] = maxImpulse;
  }

  /** Computes the rows for the frames of `kinematics` and the inverse mass matrix [7, 7]. */
  prepare({ positions, axes }: PandaKinematics, inverseMass: Float64Array): void {
    const { points, jacobian, response, effectiveMasses } = this;
    this.impulses.fill(0);
    for (let contact = 0; contact < this.count; contact++) {
      const row = 3 * ARM_JOINTS * contact;
      jacobian.fill(0, row, row + 3 * ARM_JOINTS);
      const last = Math.min(this.joints[contact], ARM_JOINTS - 1);
      for (let joint = 0; joint <= last; joint++) {
        const at = 3 * joint;
        const dx = points[3 * contact] - positions[at];
        const dy = points[3 * contact + 1] - positions[at + 1];
        const dz = points[3 * contact + 2] - positions[at + 2];
        jacobian[row + joint] = axes[at] * dy - axes[at + 1] * dx;
        jacobian[row + ARM_JOINTS + joint] = axes[at + 1] * dz - axes[at + 2] * dy;
        jacobian[row + 2 * ARM_JOINTS + joint] = axes[at + 2] * dx - axes[at] * dz;
      }
      for (let direction = 0; direction < 3; direction++) {
        const start = row + ARM_JOINTS * direction;
        let mobility = 0;
        for (let i = 0; i < ARM_JOINTS; i++) {
          let sum = 0;
          for (let k = 0; k < ARM_JOINTS; k++) sum += inverseMass[ARM_JOINTS * i + k] * jacobian[start + k];
          response[start + i] = sum;
          mobility += sum * jacobian[start + i];
        }
        effectiveMasses[3 * contact + direction] = mobility > 1e-9 ? 1 / mobility : 0;
      }
    }
  }

  /** One Gauss-Seidel sweep over all contacts: changes the joint velocities `qvel` for an iteration of `h` seconds. */
  solve(qvel: Float64Array, h: number): void {
    const { impulses, effectiveMasses, separations } = this;
    for (let contact = 0; contact < this.count; contact++) {
      const row = 3 * ARM_JOINTS * contact;
      const first = 3 * contact;
      const separation = separations[contact];
      const wanted =
        separation >= 0
          ? -separation / h
          : Math.min((-separation * RECOVERY) / PHYSICS_TIMESTEP, MAX_RECOVERY_SPEED);
      const change = (wanted - this.velocity(row, qvel)) * effectiveMasses[first];
      const normal = Math.min(this.maxImpulses[contact], Math.max(0, impulses[first] + change));
      this.apply(row, normal - impulses[first], qvel);
      impulses[first] = normal;
      if (normal === 0) continue;
      const limit = this.frictions[contact] * normal;
      for (let direction = 1; direction < 3; direction++) {
        const start = row + ARM_JOINTS * direction;
        const at = first + direction;
        const free = impulses[at] - this.velocity(start, qvel) * effectiveMasses[at];
        const tangential = Math.max(-limit, Math.min(limit, free));
        this.apply(start, tangential - impulses[at], qvel);
        impulses[at] = tangential;
      }
    }
  }

  /** Moves the contact points on by `h` seconds. */
  advance(qvel: Float64Array, h: number): void {
    for (let contact = 0; contact < this.count; contact++) {
      this.separations[contact] += h * this.velocity(3 * ARM_JOINTS * contact, qvel);
    }
  }

  /**
   * Upper limit of the friction that contacts of the body after `joint` could pass on in the last physics step, N·s.
   */
  frictionLimit(joint: number): number {
    let limit = 0;
    for (let contact = 0; contact < this.count; contact++) {
      if (this.joints[contact] === joint) limit += this.frictions[contact] * this.impulses[3 * contact];
    }
    return limit;
  }

  private velocity(row: number, qvel: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < ARM_JOINTS; i++) sum += this.jacobian[row + i] * qvel[i];
    return sum;
  }

  private apply(row: number, impulse: number, qvel: Float64Array): void {
    if (impulse === 0) return;
    for (let i = 0; i < ARM_JOINTS; i++) qvel[i] += this.response[row + i] * impulse;
  }
}
