import type { World } from '@dimforge/rapier3d-simd-compat';
import { type ArmSolver, SOLVER_ITERATIONS } from '../panda/arm_solver.js';
import { ARM_JOINTS, DRIVE, PHYSICS_TIMESTEP, ROBOT_JOINTS } from '../panda/model.js';
import type { ActorBody } from './actor_body.js';
import { GripMotion } from './grip_motion.js';
import { GripRows } from './grip_rows.js';
import type { GripperBodies } from './gripper_bodies.js';
import { PadContacts } from './pad_contacts.js';

const H = PHYSICS_TIMESTEP / SOLVER_ITERATIONS;
/** Physics steps after which penetrations and friction have settled. */
const SETTLING_STEPS = 2;
const MAX_DRIVE_IMPULSE = DRIVE.force * PHYSICS_TIMESTEP;
/** Stiffness, N/m, of the tendon by which ManiSkill lets one finger mimic the other. */
const MIMIC_STIFFNESS = 1e5;
const LEFT = ARM_JOINTS;
const RIGHT = ARM_JOINTS + 1;

/**
 * The joint velocities that PhysX reports while the fingers hold something and nothing moves.
 *
 * Its solver (temporal Gauss-Seidel, PhysX 5.3's DyTGSDynamics.cpp) takes penetrations and slip back in each of 15
 * iterations, in which the drives push them in again: nothing moves. One more iteration, for velocities alone, does
 * without drives and leaves penetrations as they are, but friction still pulls its slip back. What that makes is
 * reported: fingers that hold a cube turned by 20° seem to open at 0.4 m/s each, a policy sees it, and neither moves.
 *
 * So we run the same iterations about the present state, rows in PhysX's order (pads, the tendon between the fingers,
 * drives), and keep nothing but the velocities. From ManiSkill's own states they come out within 0.006 m/s and
 * 0.002 rad/s (root mean square). Which pad comes first changes them by up to 0.2 m/s. In PhysX that is settled when the
 * contacts appear and then stays; over episodes it falls either way equally often, and we know no rule for it.
 */
export class GripVelocities {
  private readonly contacts: PadContacts;
  private readonly patches: readonly GripRows[];
  private readonly motion = new GripMotion();
  private readonly driveImpulses = new Float64Array(ROBOT_JOINTS);

  /** @param leftFirst true if PhysX solves the left pad's contacts before the right one's. */
  constructor(world: World, gripper: GripperBodies, leftFirst: boolean) {
    this.contacts = new PadContacts(world, gripper, leftFirst);
    this.patches = this.contacts.patches.map(() => new GripRows());
  }

  /**
   * Adds them to `qvel` [9], after a step of the world, for the actor `body` between the fingers, whose drives pull
   * towards `fingerTarget`.
   */
  addTo(qvel: Float64Array, body: ActorBody, arm: ArmSolver, fingerTarget: number): void {
    const { contacts, motion, patches } = this;
    contacts.read(body, arm.kinematics);
    motion.start(arm, body);
    for (let i = 0; i < contacts.count; i++) patches[i].start(contacts.patches[i], motion);
    const closing = fingerTarget - (arm.qpos[LEFT] + arm.qpos[RIGHT]) / 2;
    for (let step = 0; step < SETTLING_STEPS; step++) this.step(closing);
    for (let joint = 0; joint < ROBOT_JOINTS; joint++) qvel[joint] += motion.velocities[joint];
  }

  /** One physics step with the fingers' targets `closing` metres from where they were. */
  private step(closing: number): void {
    const { contacts, motion, patches } = this;
    this.driveImpulses.fill(0);
    for (let i = 0; i < contacts.count; i++) patches[i].beginStep(motion);
    for (let iteration = 0; iteration < SOLVER_ITERATIONS; iteration++) {
      for (let i = 0; i < contacts.count; i++) patches[i].solve(motion, false);
      this.solveTendon();
      for (let joint = 0; joint < ROBOT_JOINTS; joint++) {
        this.solveDrive(joint, joint < ARM_JOINTS ? 0 : closing);
      }
      motion.advance(H);
    }
    for (let i = 0; i < contacts.count; i++) patches[i].solve(motion, true);
    this.solveTendon();
  }

  /** Pulls the fingers towards their common opening, each by its half of the difference. */
  private solveTendon(): void {
    const { velocities, displacements } = this.motion;
    const difference = (displacements[RIGHT] - displacements[LEFT]) / 2;
    const speed = (velocities[RIGHT] - velocities[LEFT]) / 2;
    this.pullFinger(LEFT, difference + H * speed);
    this.pullFinger(RIGHT, -difference - H * speed);
  }

  private pullFinger(joint: number, distance: number): void {
    const impulse = H * MIMIC_STIFFNESS * distance;
    this.motion.push(joint, impulse / (1 + this.motion.mobility(joint) * H * H * MIMIC_STIFFNESS));
  }

  private solveDrive(joint: number, target: number): void {
    const { velocities, displacements } = this.motion;
    const spring = DRIVE.stiffness * (target - displacements[joint] - H * velocities[joint]);
    const implicit = H * DRIVE.damping + H * H * DRIVE.stiffness;
    const before = this.driveImpulses[joint];
    const change =
      (H * (spring - DRIVE.damping * velocities[joint])) / (1 + this.motion.mobility(joint) * implicit);
    const total = Math.max(-MAX_DRIVE_IMPULSE, Math.min(MAX_DRIVE_IMPULSE, before + change));
    this.motion.push(joint, total - before);
    this.driveImpulses[joint] = total;
  }
}
