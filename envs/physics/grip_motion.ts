import type { ArmSolver } from '../panda/arm_solver.js';
import { choleskyFactor, choleskyInverse } from '../panda/cholesky.js';
import { ARM_JOINTS, ROBOT_JOINTS } from '../panda/model.js';
import { RIGID_BODIES } from '../panda/model_data.js';
import type { ActorBody } from './actor_body.js';
import { SIDES } from './gripper_bodies.js';

/** Velocities of the nine joints, then the actor's linear 3 and angular 3, world frame. */
export const MOTION_SIZE = ROBOT_JOINTS + 6;
const LINEAR = ROBOT_JOINTS;
const ANGULAR = ROBOT_JOINTS + 3;
const FINGER_MASS = RIGID_BODIES.finger.mass;

/** Robot and held actor as one linear system about where they are: what an impulse does to all of their velocities. */
export class GripMotion {
  /** [15] */
  readonly velocities = new Float64Array(MOTION_SIZE);
  /** [15]: how far everything has come since {@link start}. */
  readonly displacements = new Float64Array(MOTION_SIZE);
  /** [9, 9]: inverse mass matrix of the joints. */
  readonly jointMobility = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);

  private readonly mass = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly factor = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly point = { x: 0, y: 0, z: 0 };
  private readonly actorMobility = new Float64Array(9);
  private readonly actorCentre = new Float64Array(3);
  private inverseActorMass = 0;
  private arm: ArmSolver | undefined;

  /** Takes over where robot and actor are, at rest. */
  start(arm: ArmSolver, body: ActorBody): void {
    this.arm = arm;
    this.velocities.fill(0);
    this.displacements.fill(0);
    this.inverseActorMass = 1 / body.actor.mass;
    body.readInertia(this.actorCentre, this.actorMobility);
    this.updateJointMobility(arm);
  }

  /**
   * Writes to `row` [15] what each velocity adds to that of a finger (0: left, 1: right) against the actor, along
   * `direction` [3], at the world point in the three entries of `points` from `at`.
   */
  writeRow(
    row: Float64Array,
    finger: number,
    points: Float64Array,
    at: number,
    direction: Float64Array,
  ): void {
    const { positions, axes, handRotation } = this.arm!.kinematics;
    const x = points[at];
    const y = points[at + 1];
    const z = points[at + 2];
    const dx = direction[0];
    const dy = direction[1];
    const dz = direction[2];
    row.fill(0);
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const k = 3 * joint;
      const rx = x - positions[k];
      const ry = y - positions[k + 1];
      const rz = z - positions[k + 2];
      row[joint] =
        (axes[k + 1] * rz - axes[k + 2] * ry) * dx +
        (axes[k + 2] * rx - axes[k] * rz) * dy +
        (axes[k] * ry - axes[k + 1] * rx) * dz;
    }
    row[ARM_JOINTS + finger] =
      SIDES[finger] * (handRotation[1] * dx + handRotation[4] * dy + handRotation[7] * dz);
    const rx = x - this.actorCentre[0];
    const ry = y - this.actorCentre[1];
    const rz = z - this.actorCentre[2];
    row[LINEAR] = -dx;
    row[LINEAR + 1] = -dy;
    row[LINEAR + 2] = -dz;
    row[ANGULAR] = -(ry * dz - rz * dy);
    row[ANGULAR + 1] = -(rz * dx - rx * dz);
    row[ANGULAR + 2] = -(rx * dy - ry * dx);
  }

  /** Writes the velocities that a unit impulse along `row` [15] makes to `out` [15]; returns what they are along `row`. */
  respond(row: Float64Array, out: Float64Array): number {
    const { jointMobility, actorMobility, inverseActorMass } = this;
    let along = 0;
    for (let i = 0; i < ROBOT_JOINTS; i++) {
      let sum = 0;
      for (let k = 0; k < ROBOT_JOINTS; k++) sum += jointMobility[ROBOT_JOINTS * i + k] * row[k];
      out[i] = sum;
      along += sum * row[i];
    }
    for (let i = 0; i < 3; i++) {
      out[LINEAR + i] = inverseActorMass * row[LINEAR + i];
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += actorMobility[3 * i + k] * row[ANGULAR + k];
      out[ANGULAR + i] = sum;
      along += out[LINEAR + i] * row[LINEAR + i] + sum * row[ANGULAR + i];
    }
    return along;
  }

  /** Gives `joint` an impulse. */
  pushJoint(joint: number, impulse: number): void {
    const { velocities, jointMobility } = this;
    const row = ROBOT_JOINTS * joint;
    for (let i = 0; i < ROBOT_JOINTS; i++) velocities[i] += jointMobility[row + i] * impulse;
  }

  /** Moves everything on by `h` seconds. */
  advance(h: number): void {
    for (let i = 0; i < MOTION_SIZE; i++) this.displacements[i] += h * this.velocities[i];
  }

  /** The arm's mass matrix, which has the fingers fixed to the hand, with their own joints beside it. */
  private updateJointMobility({ kinematics, dynamics }: ArmSolver): void {
    const { mass, factor, jointMobility, point } = this;
    const { positions, axes, handRotation: r } = kinematics;
    kinematics.fingerPosition(1, 0, point);
    for (let i = 0; i < ARM_JOINTS; i++) {
      for (let k = 0; k < ARM_JOINTS; k++)
        mass[ROBOT_JOINTS * i + k] = dynamics.massMatrix[ARM_JOINTS * i + k];
      const at = 3 * i;
      const rx = point.x - positions[at];
      const ry = point.y - positions[at + 1];
      const rz = point.z - positions[at + 2];
      const opening =
        (axes[at + 1] * rz - axes[at + 2] * ry) * r[1] +
        (axes[at + 2] * rx - axes[at] * rz) * r[4] +
        (axes[at] * ry - axes[at + 1] * rx) * r[7];
      for (let finger = 0; finger < 2; finger++) {
        const column = ARM_JOINTS + finger;
        mass[ROBOT_JOINTS * i + column] = SIDES[finger] * FINGER_MASS * opening;
        mass[ROBOT_JOINTS * column + i] = mass[ROBOT_JOINTS * i + column];
      }
    }
    for (let joint = ARM_JOINTS; joint < ROBOT_JOINTS; joint++)
      mass[(ROBOT_JOINTS + 1) * joint] = FINGER_MASS;
    choleskyFactor(mass, ROBOT_JOINTS, factor);
    choleskyInverse(factor, ROBOT_JOINTS, jointMobility);
  }
}
