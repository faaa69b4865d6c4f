import type { Actor } from '../bodies/actor.js';
import { ArmSolver } from '../panda/arm_solver.js';
import type { DriveTargets, RobotView } from '../panda/controller.js';
import { heldBack, stepFreeFingers } from '../panda/gripper.js';
import { PandaKinematics } from '../panda/kinematics.js';
import { ARM_JOINTS, PHYSICS_TIMESTEP, ROBOT_JOINTS, SUBSTEPS_PER_CONTROL_STEP } from '../panda/model.js';
import { addTableContacts, FINGERS, handVertices } from '../panda/table_contacts.js';
import type { Robot } from '../robots/robot.js';
import { applyActorToArm } from './coupling.js';
import { isGraspedBetweenFingers } from './grasp.js';
import { ContactProbe } from './probe.js';
import { isActorFar } from './proximity.js';
import { Scene } from './scene.js';

/** Physics steps that an actor must stay slow for until it counts as lying still: longer than the top of a throw. */
const QUIET_STEPS = 10;

/**
 * The Panda over its table, with a task's actors: the arm moves by our own solver, actors and fingers in Rapier, each
 * acting on the other. While all actors lie still and out of the gripper's reach, Rapier is not stepped at all.
 */
export class PandaWorld implements RobotView {
  /** [9]: joint positions. */
  readonly qpos: Float64Array;
  /** [9]: joint velocities as PhysX reports them: of joints that hold something, more than they move. */
  readonly qvel = new Float64Array(ROBOT_JOINTS);
  readonly kinematics: PandaKinematics;
  /** Targets of the drives; the controller sets them before each control step. */
  readonly targets: DriveTargets;
  /** True if the left pad counts first in a grip, from the next reset on; chance decides it (grip_velocities.ts). */
  leftPadFirst = false;

  private readonly arm: ArmSolver;
  /** The actors that collide, those that move freely first. */
  private readonly touchables: readonly Actor[];
  /** Physics steps since an actor was last not slow, by actor that moves freely. */
  private readonly quietSteps: Int32Array;
  /** Left and right, metres from closed. */
  private readonly fingerTargets = new Float64Array(2);
  private readonly handVertices: Float64Array;
  private readonly previousQpos = new Float64Array(ROBOT_JOINTS);
  private readonly previousKinematics: PandaKinematics;
  private readonly probe: ContactProbe;
  /** Exists from the first touch of an episode (or near miss) until the next reset. */
  private scene: Scene | undefined;
  /** True while the scene is left alone: the fingers move freely and the actors stay where they are. */
  private isApart = true;

  /** @param basePose position 3 and quaternion wxyz 4 of the robot's root. Rapier must have been loaded. */
  constructor(
    private readonly robot: Robot,
    basePose: readonly number[],
    actors: readonly Actor[],
  ) {
    this.arm = new ArmSolver(robot.armBodies, basePose);
    this.handVertices = handVertices(robot.handBoxes);
    this.qpos = this.arm.qpos;
    this.kinematics = this.arm.kinematics;
    this.targets = { arm: this.arm.targets, fingers: 0 };
    this.previousKinematics = new PandaKinematics(basePose);
    this.probe = new ContactProbe(basePose);
    const [free, others] = [true, false].map((isFree) =>
      actors.filter(({ collides, motion }) => collides && (motion === 'dynamic') === isFree),
    );
    this.touchables = [...free, ...others];
    this.quietSteps = new Int32Array(free.length);
  }

  /** Multiplies all friction by `scale` from the next reset on. */
  scaleFriction(scale: number): void {
    this.arm.contacts.frictionScale = scale;
  }

  /**
   * Starts over with the robot at `qpos` and `qvel` [9] and the actors in their present states, which must be at
   * rest: a task's own start.
   */
  resetAtRest(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void {
    this.startOver(qpos, qvel);
    this.quietSteps.fill(QUIET_STEPS);
    this.isApart = this.areActorsApart();
    if (!this.isApart) this.openScene(this.kinematics, this.qpos);
  }

  /**
   * Starts over with the robot at `qpos` and `qvel` [9] and the actors in their present states, whatever they are: a
   * probe finds out which actors lie still and what the fingers hold.
   */
  resetAnywhere(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void {
    this.startOver(qpos, qvel);
    this.isApart = false;
    const scene = this.openScene(this.kinematics, this.qpos);
    // What gripping fingers report is no motion: they would let go.
    const withStillFingers = Float64Array.from(this.arm.qvel).fill(0, ARM_JOINTS);
    const areStill = this.probe.run(scene, this.kinematics, this.qpos, withStillFingers);
    if (scene.isHolding) this.arm.qvel.set(withStillFingers);
    else scene.gripper.place(this.kinematics, this.qpos, this.arm.qvel);
    areStill.forEach((isStill, i) => {
      this.quietSteps[i] = isStill ? QUIET_STEPS : 0;
    });
    if (this.areActorsApart()) this.partFrom(scene);
  }

  /** Advances everything by one control step of 50 ms. */
  controlStep(): void {
    for (let substep = 0; substep < SUBSTEPS_PER_CONTROL_STEP; substep++) this.step();
    const { arm, scene, qvel, targets } = this;
    if (!this.isApart) scene?.gripper.readVelocities(arm.qvel);
    qvel.set(arm.qvel);
    if (!this.isApart) scene?.addGripVelocities(qvel, arm, targets.fingers);
  }

  /** True if the fingers hold the actor between them, pressed at most `maxDegrees` off their opening direction. */
  isGrasping(actor: Actor, maxDegrees: number): boolean {
    if (this.isApart || !this.scene) return false;
    const held = this.scene.actors.find((candidate) => candidate.actor === actor);
    return held !== undefined && isGraspedBetweenFingers(held.contacts, this.kinematics, maxDegrees);
  }

  /** Frees the physics engine's memory. */
  close(): void {
    this.scene?.free();
    this.scene = undefined;
    this.isApart = true;
  }

  private startOver(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void {
    this.close();
    this.arm.reset(qpos, qvel);
    this.qvel.set(qvel);
    this.targets.fingers = this.qpos[ARM_JOINTS];
  }

  private step(): void {
    const { arm, qpos, kinematics } = this;
    this.previousQpos.set(qpos);
    arm.contacts.clear();
    arm.externalTorques.fill(0);
    addTableContacts(arm.contacts, kinematics, qpos[ARM_JOINTS], qpos[ARM_JOINTS + 1], this.handVertices);
    if (!this.isApart && this.scene) {
      for (const actor of this.scene.actors) applyActorToArm(arm, actor);
    }
    arm.step();
    this.holdBackFingers();

    if (this.areActorsApart()) {
      if (!this.isApart && this.scene) this.leaveScene(this.scene);
      stepFreeFingers(qpos, this.arm.qvel, this.fingerTargets);
      return;
    }
    const scene = this.isApart || !this.scene ? this.enterScene() : this.scene;
    scene.gripper.drive(this.fingerTargets[0], this.fingerTargets[1]);
    scene.step(kinematics, qpos);
    scene.actors.forEach(this.countQuietSteps);
  }

  /**
   * Sets the fingers' targets for this physics step: friction on the table holds back pads that are pressed onto it.
   * Both pads stand on it, also when the hand leans, since PhysX lets them sink in by 0.3 mm.
   */
  private holdBackFingers(): void {
    const friction = this.arm.contacts.frictionLimit(FINGERS) / PHYSICS_TIMESTEP / 2;
    for (let finger = 0; finger < 2; finger++) {
      const position = this.qpos[ARM_JOINTS + finger];
      this.fingerTargets[finger] = heldBack(this.targets.fingers, position, friction);
    }
  }

  /** True if every actor is out of reach and has been slow for long enough, where it was free to move until now. */
  private areActorsApart(): boolean {
    for (let i = 0; i < this.touchables.length; i++) {
      const isFree = i < this.quietSteps.length;
      if (isFree && !this.isApart && this.quietSteps[i] < QUIET_STEPS) return false;
      if (!isActorFar(this.touchables[i], this.kinematics)) return false;
    }
    return true;
  }

  private readonly countQuietSteps = ({ actor }: { actor: Actor }, i: number): void => {
    this.quietSteps[i] = actor.isSlow() ? this.quietSteps[i] + 1 : 0;
  };

  private openScene(kinematics: PandaKinematics, qpos: Float64Array): Scene {
    this.scene ??= new Scene(this.robot, this.touchables, this.leftPadFirst, this.arm.contacts.frictionScale);
    this.scene.gripper.place(kinematics, qpos, this.arm.qvel);
    return this.scene;
  }

  /** Brings the gripper in from where it was before this physics step. */
  private enterScene(): Scene {
    this.previousKinematics.update(this.previousQpos);
    const scene = this.openScene(this.previousKinematics, this.previousQpos);
    this.isApart = false;
    return scene;
  }

  /** Takes the fingers out of the scene and leaves the actors lying. */
  private leaveScene(scene: Scene): void {
    scene.gripper.readVelocities(this.arm.qvel);
    for (const { actor, body } of scene.actors) {
      actor.stop();
      body.write();
    }
    this.partFrom(scene);
  }

  private partFrom(scene: Scene): void {
    for (const { contacts } of scene.actors) contacts.clear();
    this.isApart = true;
  }
}
