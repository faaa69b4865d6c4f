import type { Script } from '../script.js';

/** Height of the tool at the peg, and of the peg's middle. */
const HEIGHT = 0.025;
const HALF_LENGTH = 0.12;
/**
 * The tool grips the peg this far behind its centre, and by so much farther per metre that the goal is beyond this place:
 * gripped at its end, the peg reaches farther.
 */
const GRIP_OFFSET = 0.05;
const GRIP_SHIFT = 0.4;
const MIDDLE_GOAL_X = 0.32;
/** Off to the side of that place, the tool stays above it: up to 6 cm, 2 cm per centimetre beyond the first 1 cm. */
const APPROACH_HEIGHT = 0.06;
const APPROACH_SLOPE = 2;
const APPROACH_RADIUS = 0.01;
const CLOSING_DISTANCE = 0.012;
/** The peg is held when the tool is this near to the place of the grip and the fingers are closer than this. */
const HELD_DISTANCE = 0.03;
const HELD_GAP = 0.052;
/** The head keeps this far from the cube's centre until it is this well in line with it. */
const STANDOFF = 0.045;
const LANE = 0.012;
/** Distance of the cube from the goal's centre at which the peg stops; `short` stops long before. */
const STOP_DISTANCE = 0.03;
const SHORT_DISTANCE = 0.07;
/** The peg aims this far beyond the place where it stops, or it would never quite get there. */
const OVERSHOOT = 0.015;
/** Distance to the side at which `miss` passes the cube. */
const MISS_DISTANCE = 0.08;
/** Distance ahead of the tool that it aims at. */
const LEAD = 0.1;
const OPEN = 1;
const CLOSED = -1;

/** Takes the lying peg, slides it in front of the cube, and pushes the cube along x with its head. */
export const POKE_CUBE_SCRIPT: Script = {
  // Fingers down, opening along y.
  orientation: [0, 1, 0, 0],
  flaws: ['miss', 'short'],
  aim({ parts, fingerGap, flaw, aside }, aim) {
    const { tcp_pose: tcp, peg_pose: peg, cube_pose: cube, cube_to_goal_pos: toGoal } = parts;
    const left = toGoal[0] - (flaw === 'short' ? SHORT_DISTANCE : STOP_DISTANCE);
    if (left < 0) {
      // Joints that hold something are never quite still.
      aim.gripper = OPEN;
      aim.target.set(tcp.subarray(0, 3));
      return;
    }
    const gripX = peg[0] - GRIP_OFFSET - GRIP_SHIFT * (cube[0] + toGoal[0] - MIDDLE_GOAL_X);
    const beside = Math.hypot(tcp[0] - gripX, tcp[1] - peg[1]);
    const away = Math.hypot(beside, tcp[2] - peg[2]);
    if (!(away < HELD_DISTANCE && fingerGap < HELD_GAP)) {
      aim.gripper = away < CLOSING_DISTANCE ? CLOSED : OPEN;
      aim.target[0] = gripX;
      aim.target[1] = peg[1];
      aim.target[2] =
        HEIGHT + Math.min(APPROACH_HEIGHT, Math.max(0, (beside - APPROACH_RADIUS) * APPROACH_SLOPE));
      return;
    }
    const lane = cube[1] + (flaw === 'miss' ? Math.sign(aside[1]) * MISS_DISTANCE : 0);
    const isInLine = Math.abs(peg[1] - lane) < LANE;
    const gap = cube[0] - peg[0] - HALF_LENGTH;
    const forwards = isInLine ? left + OVERSHOOT : gap - STANDOFF;
    aim.gripper = CLOSED;
    aim.target[0] = tcp[0] + Math.max(0, Math.min(LEAD, forwards));
    aim.target[1] = tcp[1] + lane - peg[1];
    aim.target[2] = HEIGHT;
  },
};
