import type { Actor } from '../bodies/actor.js';
import type { DriveTargets, RobotView } from '../panda/controller.js';
import type { PandaKinematics } from '../panda/kinematics.js';
import { ARM_JOINTS, ROBOT_JOINTS, SUBSTEPS_PER_CONTROL_STEP } from '../panda/model.js';
import type { Robot } from '../robots/robot.js';
import { ClosestPoints } from './collision/closest_points.js';
import { isGraspedBetweenFingers } from './grasp.js';
import { isActorFar } from './proximity.js';
import { RobotShapes } from './robot_shapes.js';
import { Scene } from './scene.js';
import { Joints } from './solver/joints.js';

/** Physics steps that an actor must stay slow for until it counts as lying still: longer than the top of a throw. */
const QUIET_STEPS = 10;
/** Distance, metres, past their positions to which a probe drives the fingers: with 2 N, which hardly moves them. */
const GENTLE_CLOSING = 0.002;

/**
 * The Panda over its table, with a task's actors. While all actors lie still and out of the gripper's reach, only the robot
 * is stepped.
 */
export class PandaWorld implements RobotView {
  /** [9]: joint positions. */
  readonly qpos: Float64Array;
  /** [9]: joint velocities as PhysX reports them: of joints that hold something, more than they move. */
  readonly qvel = new Float64Array(ROBOT_JOINTS);
  readonly kinematics: PandaKinematics;
  /** Targets of the drives; the controller sets them before each control step. */
  readonly targets: DriveTargets;

  /**
   * True if the left finger counts first where both come in reach of an actor at once, from the next reset on. In ManiSkill
   * that falls either way equally often, by no rule that we know, and changes how pads share what they hold.
   */
  leftPadFirst = false;

  private readonly joints: Joints;
  private readonly robotShapes: RobotShapes;
  /** The actors that collide, those that move freely first. */
  private readonly touchables: readonly Actor[];
  private readonly freeCount: number;
  /** Physics steps since an actor was last not slow, by actor that moves freely. */
  private readonly quietSteps: Int32Array;
  private frictionScale = 1;
  private readonly closest = new ClosestPoints();
  private scene: Scene | undefined;
  /** True while the actors are left alone and stay where they are. */
  private isApart = true;

  /** @param basePose position 3 and quaternion wxyz 4 of the robot's root. Rapier must have been loaded. */
  constructor(robot: Robot, basePose: readonly number[], actors: readonly Actor[]) {
    this.joints = new Joints(robot.armBodies, basePose);
    this.robotShapes = new RobotShapes(this.joints, robot.handBoxes);
    this.qpos = this.joints.qpos;
    this.kinematics = this.joints.kinematics;
    this.targets = { arm: this.joints.targets.subarray(0, ARM_JOINTS), fingers: 0 };
    const [free, others] = [true, false].map((isFree) =>
      actors.filter(({ collides, motion }) => collides && (motion === 'dynamic') === isFree),
    );
    this.touchables = [...free, ...others];
    this.freeCount = free.length;
    this.quietSteps = new Int32Array(free.length);
  }

  /** Multiplies all friction by `scale` from the next reset on. */
  scaleFriction(scale: number): void {
    this.frictionScale = scale;
  }

  /**
   * Starts over with the robot at `qpos` and `qvel` [9] and the actors in their present states, which must be at
   * rest: a task's own start.
   */
  resetAtRest(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void {
    this.startOver(qpos, qvel);
    this.quietSteps.fill(QUIET_STEPS);
    this.isApart = this.areActorsApart();
  }

  /**
   * Starts over with the robot at `qpos` and `qvel` [9] and the actors in their present states, whatever they are. A step
   * that is taken back finds out which forces act and which actors lie still.
   */
  resetAnywhere(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void {
    const scene = this.startOver(qpos, qvel);
    this.isApart = false;
    const free = this.touchables.slice(0, this.freeCount);
    const states = free.map(({ state }) => state.slice());
    const wereSlow = free.map((actor) => actor.isSlow());
    const { joints } = this;
    for (let joint = ARM_JOINTS; joint < ROBOT_JOINTS; joint++) joints.targets[joint] -= GENTLE_CLOSING;
    scene.step(false);
    free.forEach((actor, i) => {
      this.quietSteps[i] = wereSlow[i] && actor.isSlow() ? QUIET_STEPS : 0;
      actor.state.set(states[i]);
    });
    joints.reset(qpos);
    scene.jointVelocities.set(qvel);
    scene.forgetAnchors();
    this.isApart = this.areActorsApart();
  }

  /** Advances everything by one control step of 50 ms. */
  controlStep(): void {
    const { joints, targets } = this;
    joints.targets.fill(targets.fingers, ARM_JOINTS);
    for (let substep = 0; substep < SUBSTEPS_PER_CONTROL_STEP; substep++) this.step();
    this.qvel.set(this.openScene().jointVelocities);
  }

  /** True if the fingers hold the actor between them, pressed at most `maxDegrees` off their opening direction. */
  isGrasping(actor: Actor, maxDegrees: number): boolean {
    const forces = this.isApart ? undefined : this.scene?.fingerForces.get(actor);
    return forces !== undefined && isGraspedBetweenFingers(forces, this.kinematics, maxDegrees);
  }

  /** Frees the physics engine's memory. */
  close(): void {
    this.closeScene();
    this.closest.free();
  }

  private closeScene(): void {
    this.scene?.free();
    this.scene = undefined;
    this.isApart = true;
  }

  private startOver(qpos: ArrayLike<number>, qvel: ArrayLike<number>): Scene {
    this.closeScene();
    this.joints.reset(qpos);
    this.qvel.set(qvel);
    this.targets.fingers = this.qpos[ARM_JOINTS];
    const scene = this.openScene();
    scene.jointVelocities.set(qvel);
    return scene;
  }

  private openScene(): Scene {
    const { joints, robotShapes, touchables, leftPadFirst, frictionScale, closest } = this;
    this.scene ??= new Scene(joints, robotShapes, touchables, leftPadFirst, frictionScale, closest);
    return this.scene;
  }

  private step(): void {
    const scene = this.openScene();
    const wasApart = this.isApart;
    this.isApart = this.areActorsApart();
    if (this.isApart && !wasApart) this.leaveActors(scene);
    scene.step(this.isApart);
    if (this.isApart) return;
    for (let i = 0; i < this.freeCount; i++)
      this.quietSteps[i] = this.touchables[i].isSlow() ? this.quietSteps[i] + 1 : 0;
  }

  /** True if every actor is out of reach and has been slow for long enough, where it was free to move until now. */
  private areActorsApart(): boolean {
    for (let i = 0; i < this.touchables.length; i++) {
      if (i < this.freeCount && !this.isApart && this.quietSteps[i] < QUIET_STEPS) return false;
      if (!isActorFar(this.touchables[i], this.kinematics)) return false;
    }
    return true;
  }

  private leaveActors(scene: Scene): void {
    for (let i = 0; i < this.freeCount; i++) this.touchables[i].stop();
    scene.forgetContacts();
  }
}
