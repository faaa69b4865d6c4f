import type { PandaKinematics } from '../../panda/kinematics.js';
import { ARM_JOINTS, FINGER_OFFSET, PHYSICS_TIMESTEP, ROBOT_JOINTS } from '../../panda/model.js';
import { RIGID_BODIES } from '../../panda/model_data.js';
import { LEFT_FINGER, RIGHT_FINGER } from './link_motion.js';
import { H } from './timing.js';

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
 * Metres by which closed fingers seem to swing back in an iteration, because the joints' axes turn: PhysX takes that for
 * turning of the hand.
 */
const SWING = 0;
/** Metres that they have swung by now beyond what the joints' moves tell. */
const SWUNG = 1;
/** Positions of the fingers at the beginning of the step. */
const LEFT = 2;
const RIGHT = 3;
const NUMBERS = 4;

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

  /** [7]: metres that closed fingers move along their axis, y of the hand, per radian of a joint. */
  readonly swings = new Float64Array(ARM_JOINTS);

  /** [7]: the joints' axes along the hand's x and y axis, and along the way from its centre of mass to closed fingers. */
  private readonly forward = new Float64Array(ARM_JOINTS);
  private readonly along = new Float64Array(ARM_JOINTS);
  private readonly down = new Float64Array(ARM_JOINTS);
  /** An array, since V8 would put each number on the heap. */
  private readonly numbers = new Float64Array(NUMBERS);

  /** Begins a physics step at the frames of `kinematics`, the joint positions `qpos` [9] and velocities `qvel` [9]. */
  begin({ axes: a, handRotation: r }: PandaKinematics, qpos: Float64Array, qvel: Float64Array): void {
    const { swings, forward, along, down, speeds, drifts, numbers } = this;
    let wx = 0;
    let wy = 0;
    let wz = 0;
    let swing = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const k = 3 * joint;
      const x = a[k] * r[0] + a[k + 1] * r[3] + a[k + 2] * r[6];
      const y = a[k] * r[1] + a[k + 1] * r[4] + a[k + 2] * r[7];
      const z = a[k] * r[2] + a[k + 1] * r[5] + a[k + 2] * r[8];
      forward[joint] = x;
      along[joint] = y;
      down[joint] = FORWARD * x + DOWN * z;
      swings[joint] = FORWARD * z - DOWN * x;
      const rate = qvel[joint];
      swing += rate * (FORWARD * (wx * y - wy * x) - DOWN * (wy * z - wz * y));
      wx += rate * x;
      wy += rate * y;
      wz += rate * z;
    }
    const left = qpos[LEFT_FINGER];
    const right = qpos[RIGHT_FINGER];
    numbers[LEFT] = left;
    numbers[RIGHT] = right;
    numbers[SWING] = PHYSICS_TIMESTEP * H * swing;
    numbers[SWUNG] = 0;
    // The centripetal acceleration of a finger is in the velocities of links, but not in those of joints.
    const common = wy * (FORWARD * wx + DOWN * wz);
    const outward = wx * wx + wz * wz;
    speeds[LEFT_FINGER] = PHYSICS_TIMESTEP * (common - outward * left);
    speeds[RIGHT_FINGER] = -PHYSICS_TIMESTEP * (common + outward * right);
    drifts[LEFT_FINGER] = 0;
    drifts[RIGHT_FINGER] = 0;
  }

  /**
   * Updates the drifts, to second order, after an iteration. The joints have moved by `moves` [9, from `at`] in this step; in the
   * iteration, closed fingers have swung by `stray` metres more than the velocities amount to.
   */
  update(moves: Float64Array, at: number, stray: number): void {
    const { forward, along, down, drifts, numbers } = this;
    numbers[SWUNG] += stray - numbers[SWING];
    let common = numbers[SWUNG];
    let turned = 0;
    let turnX = 0;
    for (let joint = 0; joint < ARM_JOINTS; joint++) {
      const turn = moves[at + joint];
      const part = turn * down[joint];
      // A joint is turned by those before it, and on average by half of itself.
      common += turn * along[joint] * (turned + part / 2);
      turned += part;
      turnX += turn * forward[joint];
    }
    const turnZ = (turned - FORWARD * turnX) / DOWN;
    const outward = (turnX * turnX + turnZ * turnZ) / 2;
    drifts[LEFT_FINGER] = common - outward * numbers[LEFT];
    drifts[RIGHT_FINGER] = -common - outward * numbers[RIGHT];
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
