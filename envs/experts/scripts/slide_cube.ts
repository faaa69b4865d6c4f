import type { Script } from '../script.js';

/** Height of the tool as it moves the cube, and the height below which it does. */
const SLIDING_HEIGHT = 0.02;
const MAX_SLIDING_HEIGHT = 0.04;
/** The tool goes down this far from the cube's centre, and counts as on its side of it up to this far from that line. */
const CLEARANCE = 0.055;
const LANE = 0.015;
/** Off to the side of that place, the tool stays above it: up to 8 cm, 2 cm per centimetre beyond the first 1 cm. */
const CROSSING_HEIGHT = 0.08;
const CROSSING_SLOPE = 2;
const LANDING_RADIUS = 0.01;
/** Distance of the cube from the goal's centre at which the tool stops; `short` ends long before. */
const STOP_DISTANCE = 0.02;
const SHORT_DISTANCE = 0.13;
/** Distance to the side at which `miss` passes the cube. */
const MISS_DISTANCE = 0.06;
/** Distance ahead of the tool that it aims at while it moves the cube: little, for a place out of reach leads nowhere. */
const LEAD = 0.03;
const CLOSED = -1;

/**
 * Goes down beside the cube `obj_pose` with closed fingers, and moves it along x (`direction` 1, the tool behind it) or
 * against x (−1, the tool beyond it) to `goal_pos`. The tool has this orientation.
 */
export function slideCube(direction: 1 | -1, orientation: readonly number[]): Script {
  return {
    orientation,
    flaws: ['miss', 'short'],
    aim({ parts: { tcp_pose: tcp, obj_pose: cube, goal_pos: goal }, flaw, aside }, aim) {
      const lane = cube[1] + (flaw === 'miss' ? Math.sign(aside[1]) * MISS_DISTANCE : 0);
      const start = cube[0] - direction * CLEARANCE;
      const isOnItsSide = direction * (cube[0] - tcp[0]) > 0;
      const isSliding = isOnItsSide && Math.abs(tcp[1] - lane) < LANE && tcp[2] < MAX_SLIDING_HEIGHT;
      const left = direction * (goal[0] - cube[0]) - (flaw === 'short' ? SHORT_DISTANCE : STOP_DISTANCE);
      const beside = Math.hypot(tcp[0] - start, tcp[1] - lane);
      aim.gripper = CLOSED;
      aim.target[0] = isSliding ? tcp[0] + direction * Math.max(0, Math.min(LEAD, left)) : start;
      aim.target[1] = lane;
      aim.target[2] = SLIDING_HEIGHT;
      if (isSliding) return;
      aim.target[2] += Math.min(CROSSING_HEIGHT, Math.max(0, (beside - LANDING_RADIUS) * CROSSING_SLOPE));
    },
  };
}
