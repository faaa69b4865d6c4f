import { choleskyFactor, choleskyInverse } from '../../panda/cholesky.js';
import { ArmDynamics } from '../../panda/dynamics.js';
import { PandaKinematics } from '../../panda/kinematics.js';
import { leverArm } from '../../panda/lever_arm.js';
import {
  ARM_JOINTS,
  DRIVE,
  FINGER_UPPER_LIMIT,
  JOINT_LOWER_LIMITS,
  JOINT_UPPER_LIMITS,
  LINK_DAMPING,
  PHYSICS_TIMESTEP,
  ROBOT_JOINTS,
} from '../../panda/model.js';
import { RIGID_BODIES, type RigidBodyData } from '../../panda/model_data.js';
import type { Contact } from './contact.js';
import { FingerSlides } from './finger_slides.js';
import { LEFT_FINGER, LinkMotion, RIGHT_FINGER } from './link_motion.js';
import type { PartMotion } from './part_motion.js';
import type { Mover, Rows } from './rows.js';
import { CORRECTION, H } from './timing.js';

const MAX_IMPULSE = DRIVE.force * PHYSICS_TIMESTEP;
/** Impulse per unit of (inverse mass)⁻¹ that an implicit spring and damper take back within one iteration. */
const IMPLICIT = H * DRIVE.damping + H * H * DRIVE.stiffness;
/** Stiffness, N/m, of the tendon by which ManiSkill lets one finger mimic the other. */
const MIMIC_STIFFNESS = 1e5;
/** Share of a link's mobility by which PhysX softens its contacts and limits. */
const COMPLIANCE = 0.25;
const FINGER_MASS = RIGID_BODIES.finger.mass;
const LOWER = Float64Array.of(...JOINT_LOWER_LIMITS, 0, 0);
/** The fingers', by which they are placed, are in single precision. */
const OPEN = Math.fround(FINGER_UPPER_LIMIT);
const UPPER = Float64Array.of(...JOINT_UPPER_LIMITS, OPEN, OPEN);
const AXES = [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0), Float64Array.of(0, 0, 1)];

/**
 * The seven arm joints and two fingers under their position drives, in joint space, as PhysX's articulation solver moves
 * them: the inverse mass matrix is frozen for the physics step, and in each of its iterations drives, limits and contacts
 * with what never moves take turns. The error that Gauss-Seidel leaves is part of PhysX's motion: an exact implicit solve
 * is a hundred times further from it.
 */
export class Joints implements Mover {
  readonly size = ROBOT_JOINTS;
  readonly isRobot = true;
  readonly isResting = false;
  /** [9]: joint positions, radians and metres. */
  readonly qpos = new Float64Array(ROBOT_JOINTS);
  /** [9]: targets of the drives. */
  readonly targets = new Float64Array(ROBOT_JOINTS);
  /** Frames at `qpos`. */
  readonly kinematics: PandaKinematics;
  /** True if anything touches the robot in this step; to be set before it is solved. */
  isTouched = false;
  /** Contacts with what never moves, by the link that touches. */
  readonly contacts: Contact[][] = Array.from({ length: ROBOT_JOINTS }, () => []);

  private readonly links: LinkMotion;
  private readonly dynamics: ArmDynamics;
  private readonly mass = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly factor = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  /** [9, 9] */
  private readonly inverseMass = new Float64Array(ROBOT_JOINTS * ROBOT_JOINTS);
  private readonly startQpos = new Float64Array(ROBOT_JOINTS);
  private readonly startQvel = new Float64Array(ROBOT_JOINTS);
  private readonly bias = new Float64Array(ROBOT_JOINTS);
  private readonly slides = new FingerSlides();
  /** [9]: positions and velocities that drives and limits see beyond the joints' own. */
  private readonly drifts = this.slides.drifts;
  private readonly speeds = this.slides.speeds;
  private readonly driveImpulses = new Float64Array(ROBOT_JOINTS);
  private readonly lowImpulses = new Float64Array(ROBOT_JOINTS);
  private readonly highImpulses = new Float64Array(ROBOT_JOINTS);
  private readonly compliances = new Float64Array(ROBOT_JOINTS);
  private readonly row = new Float64Array(ROBOT_JOINTS);
  private readonly rowResponse = new Float64Array(ROBOT_JOINTS);
  private readonly finger = { x: 0, y: 0, z: 0 };

  /**
   * @param bodies the rigid bodies of the seven joints.
   * @param basePose position 3 and quaternion wxyz 4 of the robot's root.
   */
  constructor(
    readonly first: number,
    bodies: readonly RigidBodyData[],
    basePose: readonly number[],
  ) {
    this.dynamics = new ArmDynamics(bodies);
    this.kinematics = new PandaKinematics(basePose);
    this.links = new LinkMotion(this.kinematics, this.qpos, first);
  }

  /** Puts the robot at `qpos` [9]; the arm's drives hold it there. */
  reset(qpos: ArrayLike<number>): void {
    this.qpos.set(qpos);
    this.targets.set(qpos);
    this.kinematics.update(this.qpos);
  }

  /** Begins a physics step: v ← v·(1 − damping·dt) − dt·M⁻¹·c for its own of the `velocities`. */
  begin(velocities: Float64Array): void {
    const { first, bias, inverseMass, dynamics, startQvel } = this;
    for (let i = 0; i < ROBOT_JOINTS; i++) startQvel[i] = velocities[first + i];
    dynamics.update(this.kinematics, startQvel);
    this.updateInverseMass();
    bias.set(dynamics.bias);
    for (let i = 0; i < ROBOT_JOINTS; i++) {
      let change = 0;
      for (let k = 0; k < ARM_JOINTS; k++) change += inverseMass[ROBOT_JOINTS * i + k] * bias[k];
      velocities[first + i] =
        startQvel[i] * (1 - LINK_DAMPING * PHYSICS_TIMESTEP) - PHYSICS_TIMESTEP * change;
    }
    this.startQpos.set(this.qpos);
    this.links.begin(velocities, dynamics.flows, startQvel);
    this.slides.begin(this.kinematics, this.qpos, startQvel);
    this.driveImpulses.fill(0);
    this.lowImpulses.fill(0);
    this.highImpulses.fill(0);
    this.compliances.fill(-1);
    this.isTouched = false;
    for (const contacts of this.contacts) contacts.length = 0;
  }

  /** One sweep over tendon, drives, limits and the contacts of the links; `isLast` as in {@link Contact.solve}. */
  solve(rows: Rows, velocities: Float64Array, displacements: Float64Array, isLast: boolean): void {
    if (isLast) this.slides.round(this.startQpos, this.qpos);
    this.solveTendon(velocities);
    for (let joint = 0; joint < ROBOT_JOINTS; joint++) {
      if (!isLast) this.solveDrive(joint, velocities);
      if (this.isAtLimit(joint, velocities)) this.solveLimit(joint, velocities, isLast);
      const contacts = this.contacts[joint];
      for (let i = 0; i < contacts.length; i++) contacts[i].solve(rows, velocities, displacements, isLast);
    }
  }

  /**
   * Moves the joints on by an iteration, fingers up to their limits, and updates their `displacements`. PhysX keeps their
   * positions in single precision.
   */
  advance(velocities: Float64Array, displacements: Float64Array): void {
    const { first, qpos, startQpos, slides } = this;
    const { swings } = slides;
    let stray = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const exact = qpos[joint] + H * velocities[first + joint];
      const next = Math.fround(exact);
      stray += swings[joint] * (next - exact);
      qpos[joint] = next;
      displacements[first + joint] = next - startQpos[joint];
    }
    for (let joint = ARM_JOINTS; joint < ROBOT_JOINTS; joint++) {
      const next = Math.fround(qpos[joint] + H * velocities[first + joint]);
      qpos[joint] = Math.max(LOWER[joint], Math.min(UPPER[joint], next));
      displacements[first + joint] = qpos[joint] - startQpos[joint];
    }
    slides.update(displacements, first, stray);
    if (this.isTouched) this.links.updateBends(displacements);
  }

  /** Ends the step. */
  end(): void {
    this.kinematics.update(this.qpos);
  }

  writePointRow(
    part: number,
    x: number,
    y: number,
    z: number,
    direction: Float64Array,
    sign: number,
    out: Float64Array,
    at: number,
  ): void {
    this.links.writePointRow(part, x, y, z, direction, sign, out, at);
  }

  writeSpinRow(part: number, direction: Float64Array, sign: number, out: Float64Array, at: number): void {
    this.links.writeSpinRow(part, direction, sign, out, at);
  }

  motionOf(part: number): PartMotion {
    return this.links.motions[part];
  }

  respond(jacobian: Float64Array, response: Float64Array, at: number): void {
    const { inverseMass: m } = this;
    const j0 = jacobian[at];
    const j1 = jacobian[at + 1];
    const j2 = jacobian[at + 2];
    const j3 = jacobian[at + 3];
    const j4 = jacobian[at + 4];
    const j5 = jacobian[at + 5];
    const j6 = jacobian[at + 6];
    const j7 = jacobian[at + 7];
    const j8 = jacobian[at + 8];
    for (let i = 0, row = 0; i < ROBOT_JOINTS; i++, row += ROBOT_JOINTS) {
      response[at + i] =
        m[row] * j0 +
        m[row + 1] * j1 +
        m[row + 2] * j2 +
        m[row + 3] * j3 +
        m[row + 4] * j4 +
        m[row + 5] * j5 +
        m[row + 6] * j6 +
        m[row + 7] * j7 +
        m[row + 8] * j8;
    }
  }

  /** A share of the largest mobility of the link's centre of mass along the world's axes. */
  compliance(part: number): number {
    if (this.compliances[part] < 0) this.compliances[part] = COMPLIANCE * this.largestMobility(part);
    return this.compliances[part];
  }

  private largestMobility(part: number): number {
    const { row, rowResponse, links } = this;
    const { centre } = links.motions[part];
    let largest = 0;
    for (const axis of AXES) {
      links.writePointRow(part, centre[0], centre[1], centre[2], axis, 1, row, 0);
      this.respond(row, rowResponse, 0);
      let mobility = 0;
      for (let k = 0; k < ROBOT_JOINTS; k++) mobility += row[k] * rowResponse[k];
      largest = Math.max(largest, mobility);
    }
    return largest;
  }

  /** The arm's mass matrix, which has the fingers fixed to the hand, with their own joints beside it. */
  private updateInverseMass(): void {
    const { mass, factor, inverseMass, finger, dynamics, kinematics } = this;
    const { handRotation: r } = kinematics;
    kinematics.fingerPosition(1, 0, finger);
    for (let i = 0; i < ARM_JOINTS; i++) {
      for (let k = 0; k < ARM_JOINTS; k++)
        mass[ROBOT_JOINTS * i + k] = dynamics.massMatrix[ARM_JOINTS * i + k];
      const opening = leverArm(kinematics, i, finger.x, finger.y, finger.z, r[1], r[4], r[7]);
      for (let joint = LEFT_FINGER; joint <= RIGHT_FINGER; joint++) {
        const coupling = (joint === LEFT_FINGER ? FINGER_MASS : -FINGER_MASS) * opening;
        mass[ROBOT_JOINTS * i + joint] = coupling;
        mass[ROBOT_JOINTS * joint + i] = coupling;
      }
    }
    mass[(ROBOT_JOINTS + 1) * LEFT_FINGER] = FINGER_MASS;
    mass[(ROBOT_JOINTS + 1) * RIGHT_FINGER] = FINGER_MASS;
    choleskyFactor(mass, ROBOT_JOINTS, factor);
    choleskyInverse(factor, ROBOT_JOINTS, inverseMass);
  }

  /** Pulls the fingers towards their common opening, each by its half of the difference. */
  private solveTendon(velocities: Float64Array): void {
    const { qpos, first, inverseMass } = this;
    const difference = (qpos[RIGHT_FINGER] - qpos[LEFT_FINGER]) / 2;
    const speed = (this.speedOf(RIGHT_FINGER, velocities) - this.speedOf(LEFT_FINGER, velocities)) / 2;
    const impulse = H * MIMIC_STIFFNESS * (difference + H * speed);
    const left = impulse / (1 + this.mobility(LEFT_FINGER) * H * H * MIMIC_STIFFNESS);
    const right = -impulse / (1 + this.mobility(RIGHT_FINGER) * H * H * MIMIC_STIFFNESS);
    for (let i = 0; i < ROBOT_JOINTS; i++) {
      velocities[first + i] =
        velocities[first + i] +
        inverseMass[ROBOT_JOINTS * LEFT_FINGER + i] * left +
        inverseMass[ROBOT_JOINTS * RIGHT_FINGER + i] * right;
    }
  }

  private solveDrive(joint: number, velocities: Float64Array): void {
    const { driveImpulses } = this;
    const velocity = this.speedOf(joint, velocities);
    const spring = DRIVE.stiffness * (this.targets[joint] - this.positionOf(joint) - H * velocity);
    const change = (H * (spring - DRIVE.damping * velocity)) / (1 + this.mobility(joint) * IMPLICIT);
    const total = Math.max(-MAX_IMPULSE, Math.min(MAX_IMPULSE, driveImpulses[joint] + change));
    this.push(joint, total - driveImpulses[joint], velocities);
    driveImpulses[joint] = total;
  }

  /** True if a joint is beyond a limit, or gets there in an iteration, or is held there. */
  private isAtLimit(joint: number, velocities: Float64Array): boolean {
    const position = this.positionOf(joint);
    const next = position + H * this.speedOf(joint, velocities);
    return (
      Math.min(position, next) < LOWER[joint] ||
      Math.max(position, next) > UPPER[joint] ||
      this.lowImpulses[joint] !== 0 ||
      this.highImpulses[joint] !== 0
    );
  }

  private solveLimit(joint: number, velocities: Float64Array, isLast: boolean): void {
    const { lowImpulses: low, highImpulses: high } = this;
    const velocity = this.speedOf(joint, velocities);
    const position = this.positionOf(joint);
    const next = position + H * velocity;
    const isLow = Math.min(position, next) < LOWER[joint];
    const isHigh = !isLow && Math.max(position, next) > UPPER[joint];
    const mass = 1 / (this.mobility(joint) + this.compliance(joint));
    let change: number;
    if (isLow || isHigh) {
      const gap = (isLow ? LOWER[joint] : UPPER[joint]) - position;
      const isBeyond = isLow ? gap > 0 : gap < 0;
      const wanted = !isBeyond ? gap / H : isLast ? velocity : (CORRECTION * gap) / H;
      const impulses = isLow ? low : high;
      const free = impulses[joint] + (wanted - velocity) * mass;
      change = (isLow ? Math.max(0, free) : Math.min(0, free)) - impulses[joint];
      impulses[joint] += change;
    } else if (velocity > 0) {
      change = Math.max(-velocity * mass, -low[joint]);
      low[joint] += change;
    } else {
      change = Math.min(-velocity * mass, -high[joint]);
      high[joint] += change;
    }
    this.push(joint, change, velocities);
  }

  /** Position and velocity of a joint as its drive and limits see them. */
  private positionOf(joint: number): number {
    return this.qpos[joint] + this.drifts[joint];
  }

  private speedOf(joint: number, velocities: Float64Array): number {
    return velocities[this.first + joint] + this.speeds[joint];
  }

  private mobility(joint: number): number {
    return this.inverseMass[(ROBOT_JOINTS + 1) * joint];
  }

  private push(joint: number, impulse: number, velocities: Float64Array): void {
    const { inverseMass: m, first: k } = this;
    const row = ROBOT_JOINTS * joint;
    // Written out, since a loop takes twice the time.
    velocities[k] += m[row] * impulse;
    velocities[k + 1] += m[row + 1] * impulse;
    velocities[k + 2] += m[row + 2] * impulse;
    velocities[k + 3] += m[row + 3] * impulse;
    velocities[k + 4] += m[row + 4] * impulse;
    velocities[k + 5] += m[row + 5] * impulse;
    velocities[k + 6] += m[row + 6] * impulse;
    velocities[k + 7] += m[row + 7] * impulse;
    velocities[k + 8] += m[row + 8] * impulse;
  }
}
