import type { Actor } from '../bodies/actor.js';
import { ARM_JOINTS } from '../panda/model.js';
import type { PandaWorld } from '../physics/panda_world.js';

/** The only joint that turns by more than half a turn. PhysX then takes the other of its turn's two quaternions. */
const FULL_TURNING_JOINT = 5;

/** State of the robot as a task sees it. */
export class RobotState {
  /** [9]: positions and velocities of arm joints (radians) and fingers (metres). */
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  /** [7]: position and quaternion wxyz of the tool centre point, world frame. */
  readonly tcpPose = new Float64Array(7);
  /** A view of its position. */
  readonly tcpPosition = this.tcpPose.subarray(0, 3);
  /** [7]: the same pose with a quaternion whose sign never jumps. */
  readonly steadyTcpPose = new Float64Array(7);
  private readonly steadyQuaternion = this.steadyTcpPose.subarray(3);

  constructor(private readonly world: PandaWorld) {
    this.qpos = world.qpos;
    this.qvel = world.qvel;
  }

  /** Reads the present state of the world. */
  update(): void {
    const { kinematics, qpos } = this.world;
    const { tcpPose, steadyTcpPose } = this;
    steadyTcpPose.set(kinematics.tcpPosition);
    kinematics.handQuaternion(qpos, this.steadyQuaternion);
    tcpPose.set(steadyTcpPose);
    if (qpos[FULL_TURNING_JOINT] > Math.PI) for (let i = 3; i < 7; i++) tcpPose[i] *= -1;
  }

  /**
   * True if both fingers feel at least 0.5 N from the actor, at most `maxDegrees` off their opening direction
   * (ManiSkill's `is_grasping`).
   */
  isGrasping(actor: Actor, maxDegrees = 85): boolean {
    return this.world.isGrasping(actor, maxDegrees);
  }

  /** The largest speed of a joint of the arm, rad/s. */
  get largestSpeed(): number {
    let speed = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) speed = Math.max(speed, Math.abs(this.qvel[joint]));
    return speed;
  }

  /** The length of the vector of the arm's joint velocities, rad/s. */
  get speed(): number {
    let squares = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) squares += this.qvel[joint] ** 2;
    return Math.sqrt(squares);
  }
}
