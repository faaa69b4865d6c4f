import type { PandaKinematics } from '../../panda/kinematics.js';
import { ARM_JOINTS, FINGER_OFFSET, PHYSICS_TIMESTEP, ROBOT_JOINTS } from '../../panda/model.js';
import { RIGID_BODIES } from '../../panda/model_data.js';
import { LEFT_FINGER, RIGHT_FINGER } from './link_motion.js';

/** The place of closed fingers, from the hand's centre of mass along its x and z axis; they slide along y. */
const [CENTRE_X, , CENTRE_Z] = RIGID_BODIES.hand.centreOfMass;
const FORWARD = -CENTRE_X;
const DOWN = FINGER_OFFSET - CENTRE_Z;
/**
 * The most, metres, that single precision puts a finger off. In ManiSkill's recordings, the finger beyond its limit is the one
 * that has drifted there in all cases of more than 16 nm, and in 80 % of those of about 7 nm: as with this number.
 */
const ROUNDING = 8e-9;
/** Factors by which the last binary digits of the joints' positions decide the rounding. */
const DIGITS = [0.755, 0.57, 0.819, 0.671, 0.55, 0.857, 0.734].map((factor) => factor * 2 ** 25);

/**
 * The sliding of the fingers as PhysX's drives and limits see it: by the places and velocities of finger and hand, along the
 * axis that the finger had at the beginning of the step. While the hand turns, that is not how far it has slid, and of two
 * fingers at their limits one seems to be beyond its own. The last sweep leaves that one as fast as it is and slows the other
 * down: closed fingers are reported to move at −0.0168 and −0.0033 m/s (DyFeatherstoneArticulation.cpp: solveLimit,
 * solveInternalJointConstraintRecursive, recordDeltaMotion).
 */
export class FingerSlides {
  /** [9]: metres and m/s that are seen beyond a joint's own; of the arm 0. */
  readonly drifts = new Float64Array(ROBOT_JOINTS);
  readonly speeds = new Float64Array(ROBOT_JOINTS);

  /** [7, 3]: the joints' axes along the hand's x, y and z axis; the fingers slide along y. */
  private readonly axes = new Float64Array(3 * ARM_JOINTS);
  /** m/s by which closed fingers seem to swing because the joints' axes turn: PhysX counts it as turning of the hand. */
  private swing = 0;
  /** Positions of the fingers at the beginning of the step. */
  private left = 0;
  private right = 0;
  private seconds = 0;
  /** Radians about the hand's x and z axis that single precision has added to what the arm's velocities amount to. */
  private strayX = 0;
  private strayZ = 0;

  /** Begins a physics step at the frames of `kinematics`, the joint positions `qpos` [9] and velocities `qvel` [9]. */
  begin({ axes: a, handRotation: r }: PandaKinematics, qpos: Float64Array, qvel: Float64Array): void {
    const { axes, speeds, drifts } = this;
    let wx = 0;
    let wy = 0;
    let wz = 0;
    let swing = 0;
    for (let k = 0; k < 3 * ARM_JOINTS; k += 3) {
      const x = a[k] * r[0] + a[k + 1] * r[3] + a[k + 2] * r[6];
      const y = a[k] * r[1] + a[k + 1] * r[4] + a[k + 2] * r[7];
      const z = a[k] * r[2] + a[k + 1] * r[5] + a[k + 2] * r[8];
      axes[k] = x;
      axes[k + 1] = y;
      axes[k + 2] = z;
      const rate = qvel[k / 3];
      // Turning about z moves the fingers along y by the way forward, turning about x by the way down.
      swing += rate * (FORWARD * (wx * y - wy * x) - DOWN * (wy * z - wz * y));
      wx += rate * x;
      wy += rate * y;
      wz += rate * z;
    }
    this.swing = PHYSICS_TIMESTEP * swing;
    this.left = qpos[LEFT_FINGER];
    this.right = qpos[RIGHT_FINGER];
    this.seconds = 0;
    this.strayX = 0;
    this.strayZ = 0;
    // The centripetal acceleration of a finger is in the velocities of links, but not in those of joints.
    const common = wy * (FORWARD * wx + DOWN * wz);
    const outward = wx * wx + wz * wz;
    speeds[LEFT_FINGER] = PHYSICS_TIMESTEP * (common - outward * this.left);
    speeds[RIGHT_FINGER] = -PHYSICS_TIMESTEP * (common + outward * this.right);
    drifts[LEFT_FINGER] = 0;
    drifts[RIGHT_FINGER] = 0;
  }

  /** Takes note that a joint has moved by `radians` more than its velocity amounts to. */
  stray(joint: number, radians: number): void {
    this.strayX += radians * this.axes[3 * joint];
    this.strayZ += radians * this.axes[3 * joint + 2];
  }

  /** Updates the drifts, to second order, once the joints have moved by `moves` [9, from `at`], `seconds` after the last time. */
  update(moves: Float64Array, at: number, seconds: number): void {
    const { axes, drifts } = this;
    this.seconds += seconds;
    let common = FORWARD * this.strayZ - DOWN * this.strayX - this.seconds * this.swing;
    let turnX = 0;
    let turnZ = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const turn = moves[at + joint];
      const x = turn * axes[3 * joint];
      const z = turn * axes[3 * joint + 2];
      // A joint is turned by those before it, and on average by half of itself.
      common += turn * axes[3 * joint + 1] * (FORWARD * (turnX + x / 2) + DOWN * (turnZ + z / 2));
      turnX += x;
      turnZ += z;
    }
    const outward = (turnX * turnX + turnZ * turnZ) / 2;
    drifts[LEFT_FINGER] = common - outward * this.left;
    drifts[RIGHT_FINGER] = -common - outward * this.right;
  }

  /**
   * Adds the rounding of the poses that PhysX compares, at the joint positions `from` and `to` [≥ 7]. Its size is PhysX's, its
   * value isn't known; but it follows from the positions alone. So an arm that trembles between two of them lets the fingers
   * take turns, there as here.
   */
  round(from: Float64Array, to: Float64Array): void {
    const noise = ROUNDING * (roundingAt(to) - roundingAt(from));
    this.drifts[LEFT_FINGER] += noise;
    this.drifts[RIGHT_FINGER] -= noise;
  }
}

/** A number between −1 and 1. */
function roundingAt(qpos: Float64Array): number {
  let sum = 0;
  for (let joint = 0; joint < ARM_JOINTS; joint++) sum += DIGITS[joint] * qpos[joint];
  return 2 * (sum - Math.round(sum));
}
