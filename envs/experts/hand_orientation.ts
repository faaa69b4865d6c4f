import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { CUBE_HALF_SIZE } from '../tasks/cubes.js';
import { planarDistance } from '../tasks/measures.js';
import type { Aim } from './script.js';

/** The open fingers reach this far to each side along the line on which they open, and across it. */
const FINGER_REACH = 0.056;
const FINGER_HALF_WIDTH = 0.009;
/** Space that is left between a finger and another cube. */
const SPARE = 0.002;

/** Distance from the base up to which the hand stays upright, the tilt per metre beyond, and the largest, radians. */
const UPRIGHT_REACH = 0.68;
const TILT_SLOPE = 2.5;
const MAX_TILT = 0.5;

/**
 * Turns the fingers, pointing down, to faces of the cube that other cubes leave free, and among these to those that the
 * hand meets with the least turn of its last joint.
 */
export function faceCube(
  tcp: Float32Array,
  cube: Float32Array,
  others: readonly Float32Array[],
  aim: Aim,
): void {
  // The hand turns along when the arm swings round to the cube.
  const present = yawOf(tcp) + bearingOf(cube) - bearingOf(tcp);
  const turn = quarterRemainder(yawOf(cube) - present);
  const other = turn - Math.sign(turn || 1) * (Math.PI / 2);
  const isOtherFreer = overlap(present + other, cube, others) < overlap(present + turn, cube, others);
  pointDown(aim, present + (isOtherFreer ? other : turn), cube);
}

/**
 * Sets the tool's orientation: fingers down, turned by `yaw`, at 0 opening along y; tilted outwards above a `place` so far
 * away that an upright hand doesn't reach it.
 */
export function pointDown({ orientation }: Aim, yaw: number, place: ArrayLike<number>): void {
  const bearing = bearingOf(place);
  const away = planarDistance(place, DEFAULT_BASE_POSE);
  const tilt = Math.min(MAX_TILT, Math.max(0, TILT_SLOPE * (away - UPRIGHT_REACH)));
  const cos = Math.cos(tilt / 2);
  const sin = Math.sin(tilt / 2);
  orientation[0] = -sin * Math.sin(bearing - yaw / 2);
  orientation[1] = cos * Math.cos(yaw / 2);
  orientation[2] = cos * Math.sin(yaw / 2);
  orientation[3] = sin * Math.cos(bearing - yaw / 2);
}

/** Metres by which open fingers at `cube`, turned by `yaw`, would reach into other cubes. */
function overlap(yaw: number, cube: Float32Array, others: readonly Float32Array[]): number {
  let sum = 0;
  for (const other of others) {
    const x = other[0] - cube[0];
    const y = other[1] - cube[1];
    const along = Math.abs(x * Math.sin(yaw) - y * Math.cos(yaw));
    const across = Math.abs(x * Math.cos(yaw) + y * Math.sin(yaw));
    const half = halfExtent(yawOf(other) - yaw) + SPARE;
    sum += Math.max(0, Math.min(FINGER_REACH + half - along, FINGER_HALF_WIDTH + half - across));
  }
  return sum;
}

/** Half the width of a cube along a line that is turned from its faces by an angle. */
export function halfExtent(radians: number): number {
  return CUBE_HALF_SIZE * (Math.abs(Math.cos(radians)) + Math.abs(Math.sin(radians)));
}

/** The angle about the vertical of the x axis of a pose [≥ 7], or of its y axis where that of x is upright. */
export function yawOf(pose: Float32Array): number {
  const [w, x, y, z] = pose.subarray(3);
  const isUpright = Math.abs(2 * (x * z - w * y)) > Math.SQRT1_2;
  if (isUpright) return Math.atan2(1 - 2 * (x * x + z * z), 2 * (x * y - w * z));
  return Math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z));
}

/** The angle, up to an eighth of a turn, that differs from `radians` by quarter turns. */
function quarterRemainder(radians: number): number {
  const quarter = Math.PI / 2;
  return radians - quarter * Math.round(radians / quarter);
}

/** The direction of a point [≥ 2] as the robot's base sees it. */
function bearingOf(point: ArrayLike<number>): number {
  return Math.atan2(point[1] - DEFAULT_BASE_POSE[1], point[0] - DEFAULT_BASE_POSE[0]);
}
