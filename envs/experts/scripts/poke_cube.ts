import { distance } from '../../tasks/measures.js';
import type { Aim, Script, Sight } from '../script.js';
import { areClosedOn, grip } from './grip.js';

const HALF_LENGTH = 0.12;
const HALF_WIDTH = 0.025;
/**
 * The tool grips the peg this far behind its centre, and by so much farther per metre that the goal is beyond this place:
 * gripped at its end, the peg reaches farther.
 */
const GRIP_OFFSET = 0.05;
const GRIP_SHIFT = 0.4;
const MIDDLE_GOAL_X = 0.32;
/** The peg is held when closed fingers are this near to the place of the grip. */
const HELD_DISTANCE = 0.03;
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
  aim(sight, aim) {
    const { tcp_pose: tcp, peg_pose: peg, cube_pose: cube, cube_to_goal_pos: toGoal } = sight.parts;
    const left = toGoal[0] - (sight.flaw === 'short' ? SHORT_DISTANCE : STOP_DISTANCE);
    const goalX = cube[0] + toGoal[0];
    const place = [peg[0] - GRIP_OFFSET - GRIP_SHIFT * (goalX - MIDDLE_GOAL_X), peg[1], HALF_WIDTH];
    const isHeld = areClosedOn(2 * HALF_WIDTH, sight.fingerGap) && distance(tcp, place) < HELD_DISTANCE;
    if (left < 0) letGo(tcp, aim);
    else if (isHeld) poke(sight, left, aim);
    else grip(tcp, place, CLOSED, aim);
  },
};

/** Stays with open fingers: joints that hold something are never quite still. */
function letGo(tcp: Float32Array, aim: Aim): void {
  aim.gripper = OPEN;
  aim.target.set(tcp.subarray(0, 3));
}

/** Brings the held peg in line with the cube, and pushes; the cube is to go `left` metres. */
function poke({ parts, flaw, aside }: Sight, left: number, aim: Aim): void {
  const { tcp_pose: tcp, peg_pose: peg, cube_pose: cube } = parts;
  const lane = cube[1] + (flaw === 'miss' ? Math.sign(aside[1]) * MISS_DISTANCE : 0);
  const isInLine = Math.abs(peg[1] - lane) < LANE;
  const forwards = isInLine ? left + OVERSHOOT : cube[0] - peg[0] - HALF_LENGTH - STANDOFF;
  aim.gripper = CLOSED;
  aim.target[0] = tcp[0] + Math.max(0, Math.min(LEAD, forwards));
  aim.target[1] = tcp[1] + lane - peg[1];
  aim.target[2] = HALF_WIDTH;
}
