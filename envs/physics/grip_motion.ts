import type { ArmSolver } from '../panda/arm_solver.js';
import { choleskyFactor, choleskyInverse } from '../panda/cholesky.js';
import { leverArm } from '../panda/lever_arm.js';
import { ARM_JOINTS, ROBOT_JOINTS } from '../panda/model.js';
import { RIGID_BODIES } from '../panda/model_data.js';
import type { ActorBody } from './actor_body.js';
import { SIDES } from './gripper_bodies.js';
import { MAX_PATCH_POINTS, MAX_PATCHES } from './pad_contacts.js';

/** Velocities of the nine joints, then the actor's linear 3 and angular 3, world frame. */
const MOTION_SIZE = ROBOT_JOINTS + 6;
const LINEAR = ROBOT_JOINTS;
const ANGULAR = ROBOT_JOINTS + 3;
/** Rows for the joints; for each patch one per point, and two for each of two friction anchors. */
const MAX_ROWS = ROBOT_JOINTS + MAX_PATCHES * (MAX_PATCH_POINTS + 4);
const FINGER_MASS = RIGID_BODIES.finger.mass;

/**
 * Robot and held actor as one linear system about where they are, described along rows: first the nine joints, then
 * velocities of a finger against the actor at contact points. All impulses and velocities are along rows, so it is
 * enough to know the effect of an impulse along each row on all others.
 */
export class GripMotion {
  /** [rows] */
  readonly velocities = new Float64Array(MAX_ROWS);
  /** [rows]: displacement along each row since {@link start}. */
  readonly displacements = new Float64Array(MAX_ROWS);

  private rows = ROBOT_JOINTS;
  /** [rows, MAX_ROWS]: the velocities along all rows that a unit impulse along each makes; symmetric. */
  private readonly responses = new Float64Array(MAX_ROWS * MAX_ROWS);
  /** [rows, 15]: what each velocity adds to that along a row; unused for joints. */
  private readonly jacobian = new Float64Array(MAX_ROWS * MOTION_SIZE);
  /** [15]: all velocities that a unit impulse along the newest row makes. */
  private readonly response = new Float64Array(MOTION_SIZE);
  /** [9, 9]: inverse mass matrix of the joints. */
  private readonly jointMobility = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly mass = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly factor = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly point = { x: 0, y: 0, z: 0 };
  private readonly actorMobility = new Float64Array(9);
  private readonly actorCentre = new Float64Array(3);
  private inverseActorMass = 0;
  private arm: ArmSolver | undefined;

  /** Starts from the present positions of robot and actor, at rest, with rows for the joints only. */
  start(arm: ArmSolver, body: ActorBody): void {
    this.arm = arm;
    this.rows = ROBOT_JOINTS;
    this.velocities.fill(0);
    this.displacements.fill(0);
    this.inverseActorMass = 1 / body.mass;
    body.readInertia(this.actorCentre, this.actorMobility);
    this.updateJointMobility(arm);
    for (let joint = 0; joint < ROBOT_JOINTS; joint++) {
      for (let k = 0; k < ROBOT_JOINTS; k++) {
        this.responses[MAX_ROWS * joint + k] = this.jointMobility[ROBOT_JOINTS * joint + k];
      }
    }
  }

  /**
   * Adds a row for the velocity of a finger (0: left, 1: right) against the actor, along `direction` [3], at the world
   * point in the three entries of `points` from `at`. Returns its index.
   */
  addRow(finger: number, points: Float64Array, at: number, direction: Float64Array): number {
    const { jacobian, response, responses } = this;
    const row = this.rows++;
    this.writeJacobian(MOTION_SIZE * row, finger, points, at, direction);
    this.respond(MOTION_SIZE * row);
    for (let other = 0; other <= row; other++) {
      let along = 0;
      if (other < ROBOT_JOINTS) along = response[other];
      else for (let k = 0; k < MOTION_SIZE; k++) along += jacobian[MOTION_SIZE * other + k] * response[k];
      responses[MAX_ROWS * row + other] = along;
      responses[MAX_ROWS * other + row] = along;
    }
    return row;
  }

  /** Change of the velocity along `row` by a unit impulse along it. */
  mobility(row: number): number {
    return this.responses[(MAX_ROWS + 1) * row];
  }

  /** Applies an impulse along `row`. */
  push(row: number, impulse: number): void {
    const { velocities, responses, rows } = this;
    const start = MAX_ROWS * row;
    for (let k = 0; k < rows; k++) velocities[k] += responses[start + k] * impulse;
  }

  /** Moves everything on by `h` seconds. */
  advance(h: number): void {
    const { velocities, displacements, rows } = this;
    for (let k = 0; k < rows; k++) displacements[k] += h * velocities[k];
  }

  private writeJacobian(
    row: number,
    finger: number,
    points: Float64Array,
    at: number,
    direction: Float64Array,
  ): void {
    const { jacobian, actorCentre } = this;
    const { kinematics } = this.arm!;
    const { handRotation } = kinematics;
    const x = points[at];
    const y = points[at + 1];
    const z = points[at + 2];
    const dx = direction[0];
    const dy = direction[1];
    const dz = direction[2];
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      jacobian[row + joint] = leverArm(kinematics, joint, x, y, z, dx, dy, dz);
    }
    jacobian[row + ARM_JOINTS + finger] =
      SIDES[finger] * (handRotation[1] * dx + handRotation[4] * dy + handRotation[7] * dz);
    jacobian[row + ARM_JOINTS + 1 - finger] = 0;
    const rx = x - actorCentre[0];
    const ry = y - actorCentre[1];
    const rz = z - actorCentre[2];
    jacobian[row + LINEAR] = -dx;
    jacobian[row + LINEAR + 1] = -dy;
    jacobian[row + LINEAR + 2] = -dz;
    jacobian[row + ANGULAR] = -(ry * dz - rz * dy);
    jacobian[row + ANGULAR + 1] = -(rz * dx - rx * dz);
    jacobian[row + ANGULAR + 2] = -(rx * dy - ry * dx);
  }

  /** Writes the velocities that a unit impulse along the row of `jacobian` from `row` makes to `response`. */
  private respond(row: number): void {
    const { jacobian, response, jointMobility, actorMobility, inverseActorMass } = this;
    for (let i = 0; i < ROBOT_JOINTS; i++) {
      let sum = 0;
      for (let k = 0; k < ROBOT_JOINTS; k++) sum += jointMobility[ROBOT_JOINTS * i + k] * jacobian[row + k];
      response[i] = sum;
    }
    for (let i = 0; i < 3; i++) {
      response[LINEAR + i] = inverseActorMass * jacobian[row + LINEAR + i];
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += actorMobility[3 * i + k] * jacobian[row + ANGULAR + k];
      response[ANGULAR + i] = sum;
    }
  }

  /** The arm's mass matrix, which has the fingers fixed to the hand, with their own joints beside it. */
  private updateJointMobility({ kinematics, dynamics }: ArmSolver): void {
    const { mass, factor, jointMobility, point } = this;
    const { handRotation: r } = kinematics;
    kinematics.fingerPosition(1, 0, point);
    for (let i = 0; i < ARM_JOINTS; i++) {
      for (let k = 0; k < ARM_JOINTS; k++)
        mass[ROBOT_JOINTS * i + k] = dynamics.massMatrix[ARM_JOINTS * i + k];
      const opening = leverArm(kinematics, i, point.x, point.y, point.z, r[1], r[4], r[7]);
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
