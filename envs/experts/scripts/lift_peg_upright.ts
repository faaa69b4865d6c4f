import { distance } from '../../tasks/measures.js';
import type { Aim, Script, Sight } from '../script.js';
import { areClosedOn, grip } from './grip.js';

const HALF_LENGTH = 0.12;
const HALF_WIDTH = 0.025;
/** The tool grips the peg this far from its centre, at the end nearer to the tool's rest; the other end is the foot. */
const GRIP_OFFSET = 0.09;
/** The peg is held when closed fingers are this near to the place of the grip. */
const HELD_DISTANCE = 0.03;
/** The peg is turned towards this far ahead of its present tilt, radians. */
const LEAD = Math.PI / 6;
/** The tool goes straight up above this tilt, or it would push the foot away; below it, it goes above the foot. */
const STEEP = Math.PI / 7;
/** Below this tilt the peg stands. */
const STANDING = 0.035;
/** The tilt at which `drop` lets go, and `short` stops. */
const SPOILT = Math.PI / 4;
const OPEN = 1;
/** So lightly that the peg turns between the fingers by its own weight, and yet does not slip. */
const LIGHTLY = 0.15;

/** Grips the peg lightly near one end, and lifts it there until it stands on the other, which stays on the table. */
export const LIFT_PEG_UPRIGHT_SCRIPT: Script = {
  // Fingers down, opening along y.
  orientation: [0, 1, 0, 0],
  flaws: ['drop', 'short'],
  aim(sight, aim) {
    const { tcp_pose: tcp, obj_pose: peg } = sight.parts;
    const axis = axisOf(peg);
    const along = axis.reduce((sum, part, i) => sum + (tcp[i] - peg[i]) * part, 0);
    const held = axis.map((part) => Math.sign(along) * part);
    const isHeld =
      areClosedOn(2 * HALF_WIDTH, sight.fingerGap) && distance(tcp, gripOf(peg, held)) < HELD_DISTANCE;
    if (isHeld) turn(sight, held, aim);
    else grip(tcp, gripOf(peg, peg[0] < 0 ? axis : axis.map((part) => -part)), LIGHTLY, aim);
  },
};

/** The direction of the peg's own x axis. */
function axisOf(pose: Float32Array): number[] {
  const [w, x, y, z] = pose.subarray(3);
  return [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)];
}

/** The place to grip the peg at, on the side of the direction `end`. */
function gripOf(peg: Float32Array, end: readonly number[]): number[] {
  return end.map((part, i) => peg[i] + GRIP_OFFSET * part);
}

/** Turns the peg, which is held on the side of `end`, about its foot. */
function turn(
  { parts: { tcp_pose: tcp, obj_pose: peg }, flaw }: Sight,
  end: readonly number[],
  aim: Aim,
): void {
  const footX = peg[0] - HALF_LENGTH * end[0];
  const footZ = peg[2] - HALF_LENGTH * end[2];
  const radius = Math.hypot(tcp[0] - footX, tcp[2] - footZ);
  // Positive if the peg leans along x.
  const tilt = Math.atan2(end[0], end[2]);
  const left = Math.abs(tilt);
  const next = Math.sign(tilt) * Math.max(flaw === 'short' ? SPOILT : 0, left - LEAD);
  aim.gripper = flaw === 'drop' && left < SPOILT ? OPEN : LIGHTLY;
  aim.target[0] = left > STEEP || left < STANDING ? tcp[0] : footX + radius * Math.sin(next);
  aim.target[1] = tcp[1];
  aim.target[2] = HALF_WIDTH * Math.sin(Math.abs(next)) + radius * Math.cos(next);
}
