import { choleskyFactor, choleskyInverse } from './cholesky.js';
import { ContactRows } from './contact_rows.js';
import { ArmDynamics } from './dynamics.js';
import { PandaKinematics } from './kinematics.js';
import { leverArm } from './lever_arm.js';
import {
  ARM_JOINTS,
  DRIVE,
  JOINT_LOWER_LIMITS,
  JOINT_UPPER_LIMITS,
  LINK_DAMPING,
  PHYSICS_TIMESTEP,
  ROBOT_JOINTS,
} from './model.js';
import type { RigidBodyData } from './model_data.js';

/** PhysX's position iterations in ManiSkill's scenes. */
export const SOLVER_ITERATIONS = 15;
const H = PHYSICS_TIMESTEP / SOLVER_ITERATIONS;
const MAX_IMPULSE = DRIVE.force * PHYSICS_TIMESTEP;
/** Impulse per unit of (inverse mass)⁻¹ that an implicit spring and damper take back within one iteration. */
const IMPLICIT = H * DRIVE.damping + H * H * DRIVE.stiffness;

const LOWER = Float64Array.from(JOINT_LOWER_LIMITS);
const UPPER = Float64Array.from(JOINT_UPPER_LIMITS);

/**
 * The seven arm joints under their position drives, in joint space.
 *
 * Reproduces the articulation solver of PhysX (temporal Gauss-Seidel): the inverse mass matrix is frozen for the
 * physics step, then 15 iterations of a fifteenth of it pass over drives, limits and contacts in turn. The error that
 * Gauss-Seidel leaves is part of PhysX's motion: an exact implicit solve is a hundred times further from it.
 */
export class ArmSolver {
  /** [9]: positions and velocities of the arm joints (radians) and, moved by others, of the fingers (metres). */
  readonly qpos = new Float64Array(ROBOT_JOINTS);
  readonly qvel = new Float64Array(ROBOT_JOINTS);
  /** [7]: targets of the arm's drives, radians. */
  readonly targets = new Float64Array(ARM_JOINTS);
  /** [7]: torques from outside during the next physics step, N·m. */
  readonly externalTorques = new Float64Array(ARM_JOINTS);
  /** Contacts during the next physics step. */
  readonly contacts = new ContactRows();
  /** Frames at `qpos`. */
  readonly kinematics: PandaKinematics;
  /** Masses and forces at the beginning of the last physics step. */
  readonly dynamics: ArmDynamics;

  private readonly factor = new Float64Array(ARM_JOINTS * ARM_JOINTS);
  private readonly inverseMass = new Float64Array(ARM_JOINTS * ARM_JOINTS);
  private readonly torques = new Float64Array(ARM_JOINTS);
  private readonly driveImpulses = new Float64Array(ARM_JOINTS);
  private readonly limitImpulses = new Float64Array(ARM_JOINTS);

  /**
   * @param bodies the rigid bodies of the seven joints.
   * @param basePose position 3 and quaternion wxyz 4 of the robot's root.
   */
  constructor(bodies: readonly RigidBodyData[], basePose: readonly number[]) {
    this.dynamics = new ArmDynamics(bodies);
    this.kinematics = new PandaKinematics(basePose);
  }

  /** Puts the robot at `qpos` [9] with velocities `qvel` [9]; the drives hold the arm there. */
  reset(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void {
    this.qpos.set(qpos);
    this.qvel.set(qvel);
    this.targets.set(this.qpos.subarray(0, ARM_JOINTS));
    this.externalTorques.fill(0);
    this.contacts.clear();
    this.kinematics.update(this.qpos);
  }

  /** Adds the torques of a force (N, world frame) that acts on the last body at the point x, y, z. */
  addForceOnHand(fx: number, fy: number, fz: number, x: number, y: number, z: number): void {
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      this.externalTorques[joint] += leverArm(this.kinematics, joint, x, y, z, fx, fy, fz);
    }
  }

  /** Advances the joints by one physics step of 10 ms, then updates `kinematics`. */
  step(): void {
    const { qpos, qvel, contacts, inverseMass } = this;
    this.dynamics.update(this.kinematics, qvel);
    choleskyFactor(this.dynamics.massMatrix, ARM_JOINTS, this.factor);
    choleskyInverse(this.factor, ARM_JOINTS, inverseMass);
    if (contacts.count > 0) contacts.prepare(this.kinematics, inverseMass);
    this.applyFreeMotion();
    this.driveImpulses.fill(0);
    this.limitImpulses.fill(0);
    for (let iteration = 0; iteration < SOLVER_ITERATIONS; iteration++) {
      for (let joint = 0; joint < ARM_JOINTS; joint++) {
        this.solveDrive(joint);
        this.solveLimit(joint);
      }
      if (contacts.count > 0) contacts.solve(qvel, H);
      for (let joint = 0; joint < ARM_JOINTS; joint++) qpos[joint] += H * qvel[joint];
      if (contacts.count > 0) contacts.advance(qvel, H);
    }
    this.kinematics.update(qpos);
  }

  /** v ← v·(1 − damping·dt) + dt·M⁻¹(τ − c) */
  private applyFreeMotion(): void {
    const { qvel, torques, inverseMass, externalTorques } = this;
    const { bias } = this.dynamics;
    for (let i = 0; i < ARM_JOINTS; i++) torques[i] = PHYSICS_TIMESTEP * (externalTorques[i] - bias[i]);
    for (let i = 0; i < ARM_JOINTS; i++) {
      let change = 0;
      for (let k = 0; k < ARM_JOINTS; k++) change += inverseMass[ARM_JOINTS * i + k] * torques[k];
      qvel[i] = qvel[i] * (1 - LINK_DAMPING * PHYSICS_TIMESTEP) + change;
    }
  }

  private solveDrive(joint: number): void {
    const { qvel, driveImpulses } = this;
    const velocity = qvel[joint];
    const spring = DRIVE.stiffness * (this.targets[joint] - this.qpos[joint] - H * velocity);
    const mobility = this.inverseMass[(ARM_JOINTS + 1) * joint];
    const change = (H * (spring - DRIVE.damping * velocity)) / (1 + mobility * IMPLICIT);
    const total = Math.max(-MAX_IMPULSE, Math.min(MAX_IMPULSE, driveImpulses[joint] + change));
    this.applyImpulse(joint, total - driveImpulses[joint]);
    driveImpulses[joint] = total;
  }

  private solveLimit(joint: number): void {
    const { limitImpulses } = this;
    const position = this.qpos[joint];
    const velocity = this.qvel[joint];
    const next = position + H * velocity;
    const before = limitImpulses[joint];
    if (next >= LOWER[joint] && next <= UPPER[joint] && before === 0) return;
    const atLower = next < LOWER[joint] || before > 0;
    const bound = atLower ? LOWER[joint] : UPPER[joint];
    const wanted = before + ((bound - position) / H - velocity) / this.inverseMass[(ARM_JOINTS + 1) * joint];
    const total = atLower ? Math.max(0, wanted) : Math.min(0, wanted);
    this.applyImpulse(joint, total - before);
    limitImpulses[joint] = total;
  }

  private applyImpulse(joint: number, impulse: number): void {
    const { qvel, inverseMass } = this;
    const row = ARM_JOINTS * joint;
    for (let i = 0; i < ARM_JOINTS; i++) qvel[i] += inverseMass[row + i] * impulse;
  }
}
