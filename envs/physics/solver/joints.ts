import { choleskyFactor, choleskyInverse } from '../../panda/cholesky.js';
import { ArmDynamics } from '../../panda/dynamics.js';
import { PandaKinematics } from '../../panda/kinematics.js';
import { leverArm } from '../../panda/lever_arm.js';
import { ARM_JOINTS, LINK_DAMPING, PHYSICS_TIMESTEP, ROBOT_JOINTS } from '../../panda/model.js';
import { RIGID_BODIES, type RigidBodyData } from '../../panda/model_data.js';
import type { Contact } from './contact.js';
import { ContactList } from './contact_list.js';
import { JointRows, withinLimits } from './joint_rows.js';
import { HAND, LEFT_FINGER, LinkMotion, RIGHT_FINGER } from './link_motion.js';
import type { PartMotion } from './part_motion.js';
import type { Mover, Rows } from './rows.js';
import { H } from './timing.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const JOINTS = ROBOT_JOINTS;
const ARM = ARM_JOINTS;
const LEFT = LEFT_FINGER;
const RIGHT = RIGHT_FINGER;
const STEP = H;
const TIMESTEP = PHYSICS_TIMESTEP;

/** Share of a link's mobility by which PhysX softens its contacts and limits. */
const COMPLIANCE = 0.25;
const FINGER_MASS = RIGID_BODIES.finger.mass;
const AXES = [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0), Float64Array.of(0, 0, 1)];

/**
 * The seven arm joints and two fingers under their position drives, in joint space, as PhysX's articulation solver moves
 * them: the inverse mass matrix is frozen for the physics step, and in each of its iterations drives, limits and contacts
 * with what never moves take turns. The error that Gauss-Seidel leaves is part of PhysX's motion: an exact implicit solve
 * is a hundred times further from it.
 */
export class Joints implements Mover {
  /** Its velocities are the first of all. */
  readonly first = 0;
  readonly size = JOINTS;
  readonly isRobot = true;
  readonly isResting = false;
  /** [9]: joint positions, radians and metres. */
  readonly qpos = new Float64Array(JOINTS);
  /** [9]: targets of the drives. */
  readonly targets = new Float64Array(JOINTS);
  /** Frames at `qpos`. */
  readonly kinematics: PandaKinematics;
  /** True if anything touches the robot in this step; to be set before it is solved. */
  isTouched = false;
  /** Contacts with what never moves, by the link that touches, and their number. */
  private readonly contacts: ContactList[] = Array.from({ length: JOINTS }, () => new ContactList());
  private contactCount = 0;
  private readonly links: LinkMotion;
  private readonly dynamics: ArmDynamics;
  private readonly mass = new Float64Array(JOINTS * JOINTS);
  private readonly factor = new Float64Array(JOINTS * JOINTS);
  /** [9, 9] */
  private readonly inverseMass = new Float64Array(JOINTS * JOINTS);
  private readonly startQpos = new Float64Array(JOINTS);
  private readonly startQvel = new Float64Array(JOINTS);
  private readonly drifts = new Float64Array(JOINTS);
  private readonly rows = new JointRows(this.qpos, this.targets, this.drifts, this.inverseMass, (joint) =>
    this.compliance(joint),
  );
  private readonly compliances = new Float64Array(JOINTS);
  private readonly row = new Float64Array(JOINTS);
  private readonly rowResponse = new Float64Array(JOINTS);
  private readonly finger = { x: 0, y: 0, z: 0 };

  /**
   * @param bodies the rigid bodies of the seven joints.
   * @param basePose position 3 and quaternion wxyz 4 of the robot's root.
   */
  constructor(bodies: readonly RigidBodyData[], basePose: readonly number[]) {
    this.dynamics = new ArmDynamics(bodies);
    this.kinematics = new PandaKinematics(basePose);
    this.links = new LinkMotion(this.kinematics, this.qpos);
  }

  /** Puts the robot at `qpos` [9]; the arm's drives hold it there. */
  reset(qpos: ArrayLike<number>): void {
    this.qpos.set(qpos);
    this.targets.set(qpos);
    this.kinematics.update(this.qpos);
  }

  /** Begins a physics step: v ← v·(1 − damping·dt) − dt·M⁻¹·c for its own, the first of the `velocities`. */
  begin(velocities: Float64Array): void {
    const { inverseMass, dynamics, startQvel, startQpos, qpos, drifts, compliances } = this;
    const { bias } = dynamics;
    for (let i = 0; i < JOINTS; i++) startQvel[i] = velocities[i];
    dynamics.update(this.kinematics, startQvel);
    this.updateInverseMass();
    for (let i = 0; i < JOINTS; i++) {
      let change = 0;
      for (let k = 0; k < ARM; k++) change += inverseMass[JOINTS * i + k] * bias[k];
      velocities[i] = startQvel[i] * (1 - LINK_DAMPING * TIMESTEP) - TIMESTEP * change;
      startQpos[i] = qpos[i];
      drifts[i] = 0;
      compliances[i] = -1;
    }
    this.links.begin(velocities);
    this.rows.begin();
    this.isTouched = false;
    if (this.contactCount > 0) for (const contacts of this.contacts) contacts.clear();
    this.contactCount = 0;
  }

  /** Adds a contact of a link with what never moves to the step. */
  addContact(link: number, contact: Contact): void {
    this.contacts[link].add(contact);
    this.contactCount++;
  }

  /** One sweep over tendon, drives, limits and the contacts of the links; `isLast` as in {@link Contact.solve}. */
  solve(rows: Rows, velocities: Float64Array, displacements: Float64Array, isLast: boolean): void {
    this.rows.solveTendon(velocities);
    if (this.contactCount === 0) {
      this.rows.solve(0, JOINTS, velocities, isLast);
      return;
    }
    for (let joint = 0; joint < JOINTS; joint++) {
      this.rows.solve(joint, joint + 1, velocities, isLast);
      this.contacts[joint].solve(rows, velocities, displacements, isLast);
    }
  }

  /** Moves the joints on by an iteration, fingers up to their limits, and updates their `displacements`. */
  advance(velocities: Float64Array, displacements: Float64Array): void {
    const { qpos, startQpos } = this;
    for (let joint = 0; joint < JOINTS; joint++) {
      const next = qpos[joint] + STEP * velocities[joint];
      qpos[joint] = joint < ARM ? next : withinLimits(joint, next);
      displacements[joint] = qpos[joint] - startQpos[joint];
    }
    if (!this.isTouched) return;
    this.links.updateBends(displacements);
    this.updateDrifts();
  }

  /** Ends the step. */
  end(): void {
    this.kinematics.update(this.qpos);
    if (this.contactCount > 0) for (const contacts of this.contacts) contacts.end();
  }

  writePointRow(
    part: number,
    points: Float64Array,
    p: number,
    direction: Float64Array,
    sign: number,
    out: Float64Array,
    at: number,
  ): void {
    this.links.writePointRow(part, points, p, direction, sign, out, at);
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
    for (let i = 0, row = 0; i < JOINTS; i++, row += JOINTS) {
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
      links.writePointRow(part, centre, 0, axis, 1, row, 0);
      this.respond(row, rowResponse, 0);
      let mobility = 0;
      for (let k = 0; k < JOINTS; k++) mobility += row[k] * rowResponse[k];
      largest = Math.max(largest, mobility);
    }
    return largest;
  }

  /** The arm's mass matrix, which has the fingers fixed to the hand, with their own joints beside it. */
  private updateInverseMass(): void {
    const { mass, factor, inverseMass, finger, dynamics, kinematics } = this;
    const { handRotation: r } = kinematics;
    kinematics.fingerPosition(1, 0, finger);
    for (let i = 0; i < ARM; i++) {
      for (let k = 0; k < ARM; k++) mass[JOINTS * i + k] = dynamics.massMatrix[ARM * i + k];
      const opening = leverArm(kinematics, i, finger.x, finger.y, finger.z, r[1], r[4], r[7]);
      for (let joint = LEFT; joint <= RIGHT; joint++) {
        const coupling = (joint === LEFT ? FINGER_MASS : -FINGER_MASS) * opening;
        mass[JOINTS * i + joint] = coupling;
        mass[JOINTS * joint + i] = coupling;
      }
    }
    mass[(JOINTS + 1) * LEFT] = FINGER_MASS;
    mass[(JOINTS + 1) * RIGHT] = FINGER_MASS;
    choleskyFactor(mass, JOINTS, factor);
    choleskyInverse(factor, JOINTS, inverseMass);
  }

  /**
   * Drives and limits see how far a finger has moved along the axis that it had at the beginning of the step: while the
   * hand turns, that is not how far it has slid.
   */
  private updateDrifts(): void {
    const { drifts } = this;
    const { handRotation: r } = this.kinematics;
    const hand = this.links.motions[HAND].bend;
    for (let joint = LEFT; joint <= RIGHT; joint++) {
      const { bend } = this.links.motions[joint];
      const along = r[1] * (bend[0] - hand[0]) + r[4] * (bend[1] - hand[1]) + r[7] * (bend[2] - hand[2]);
      drifts[joint] = joint === LEFT ? along : -along;
    }
  }
}
