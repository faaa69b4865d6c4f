import type { Aim, Script, Sight } from '../script.js';

const HALF_LENGTH = 0.12;
const HALF_WIDTH = 0.025;
/** The tool grips the peg this far from its centre, at the end nearer to the tool's rest; the other end is the foot. */
const GRIP_OFFSET = 0.09;
/** Off to the side of that place, the tool stays above it: up to 6 cm, 2 cm per centimetre beyond the first 1 cm. */
const APPROACH_HEIGHT = 0.06;
const APPROACH_SLOPE = 2;
const APPROACH_RADIUS = 0.01;
const CLOSING_DISTANCE = 0.012;
/** The peg is held when the tool is this near to the place of the grip and the fingers are closer than this. */
const HELD_DISTANCE = 0.03;
const HELD_GAP = 2 * HALF_WIDTH + 0.002;
/** The peg is turned towards this far ahead of its present tilt, radians. */
const LEAD = Math.PI / 6;
/** Up to here the tool goes straight up: it would push the foot away. Then it goes above the foot. */
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
    const isOnHead = [0, 1, 2].reduce((sum, i) => sum + (tcp[i] - peg[i]) * axis[i], 0) > 0;
    const end = axis.map((part) => (isOnHead ? part : -part));
    if (sight.fingerGap < HELD_GAP && reach(tcp, peg, end, aim) < HELD_DISTANCE) {
      turn(sight, end, aim);
      return;
    }
    const away = reach(tcp, peg, peg[0] < 0 ? axis : axis.map((part) => -part), aim);
    aim.gripper = away < CLOSING_DISTANCE ? LIGHTLY : OPEN;
  },
};

/** The direction of the peg's own x axis. */
function axisOf(pose: Float32Array): number[] {
  const [w, x, y, z] = pose.subarray(3);
  return [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)];
}

/** Aims at the place of the grip on the side of `end`, or above it. Returns the tool's distance from that place. */
function reach(tcp: Float32Array, peg: Float32Array, end: readonly number[], { target }: Aim): number {
  for (let axis = 0; axis < 3; axis++) target[axis] = peg[axis] + GRIP_OFFSET * end[axis];
  const beside = Math.hypot(tcp[0] - target[0], tcp[1] - target[1]);
  const away = Math.hypot(beside, tcp[2] - target[2]);
  target[2] += Math.min(APPROACH_HEIGHT, Math.max(0, (beside - APPROACH_RADIUS) * APPROACH_SLOPE));
  return away;
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
