import { angleBetween, fromFrame, inFrame } from '../tasks/frames.js';
import { distance } from '../tasks/measures.js';
import type { Aim } from './script.js';

/** Off to the side of the place to grip, the tool stays above it: up to 7 cm, 2 cm per centimetre beyond the first 1 cm. */
const APPROACH_HEIGHT = 0.07;
const APPROACH_SLOPE = 2;
const APPROACH_RADIUS = 0.01;
/** Metres to the side that a radian of turning left counts as. */
const TURN_RADIUS = 0.1;
/** The gripper closes this well across the object, radians. */
const CLOSING_ANGLE = 0.1;
/** The fingers hold an object when they are hardly further apart than it is wide, this near to its axis. */
const HELD_GAP = 0.001;
const HELD_DISTANCE = 0.012;
/** An object is where it waits when it is this share of its distance from the entrance short of that. */
const NEAR_SHARE = 0.5;
/** An object that is pressed against the edge of the entrance seems to be inside by up to so much. */
const TOUCHING = 0.001;
const OPEN = 1;
const CLOSED = -1;

/** The way in which a long object is gripped from above, across its x axis. Metres. */
export interface Grip {
  /** The place on its x axis. */
  readonly along: number;
  /** The gripper closes this near to the place. */
  readonly closing: number;
  /** Fingers that have slid this far from it grip anew. */
  readonly maxSlip: number;
  /** The tool does not go lower than this: its fingers would press on the table. */
  readonly minHeight: number;
}

/**
 * The way of an object into a hole, along the hole's x axis. Metres. The object goes in the faster the less it is off that
 * axis.
 */
export interface WayIn {
  /** Distance of its foremost point from the entrance while it waits, and the share of what it is off that is added. */
  readonly wait: number;
  readonly waitSlope: number;
  /** Distances off the axis at which it stays where it is, before the entrance and behind it. */
  readonly aligned: number;
  readonly kept: number;
  /** Distance off the axis at which it goes back to where it waits. */
  readonly lost: number;
  /** Largest distance that it is led ahead. */
  readonly lead: number;
}

/** True if the gripper, its fingers `gap` apart and the tool at `tcp`, holds an object of that width at `pose`. */
export function holds(
  grip: Grip,
  tcp: ArrayLike<number>,
  gap: number,
  pose: ArrayLike<number>,
  width: number,
): boolean {
  const [along, across, above] = inFrame(pose, tcp);
  const isThere = Math.abs(along - grip.along) < grip.maxSlip && Math.hypot(across, above) < HELD_DISTANCE;
  return isThere && gap < width + HELD_GAP;
}

/** Goes above the object at `pose` [7], down, and closes the gripper. */
export function reach(aim: Aim, grip: Grip, tcp: ArrayLike<number>, pose: ArrayLike<number>): void {
  const place = fromFrame(pose, grip.along, 0, 0);
  const ahead = fromFrame(pose, grip.along + 1, 0, 0);
  // Half the angle of the object from x: fingers that point down open along y when they are turned by none.
  const half = Math.atan2(ahead[1] - place[1], ahead[0] - place[0]) / 2;
  aim.orientation.set([0, Math.cos(half), Math.sin(half), 0]);
  aim.target[0] = place[0];
  aim.target[1] = place[1];
  aim.target[2] = Math.max(place[2], grip.minHeight);
  const turnLeft = angleBetween(tcp, [0, 0, 0, ...aim.orientation]);
  const isClosing = distance(tcp, aim.target) < grip.closing && turnLeft < CLOSING_ANGLE;
  aim.gripper = isClosing ? CLOSED : OPEN;
  if (isClosing) return;
  const beside = Math.hypot(tcp[0] - place[0], tcp[1] - place[1]) + TURN_RADIUS * turnLeft;
  aim.target[2] += Math.min(APPROACH_HEIGHT, Math.max(0, (beside - APPROACH_RADIUS) * APPROACH_SLOPE));
}

/**
 * The place on the hole's x axis for the foremost point of an object to go to, which is at `depth` on it, its entrance at
 * `entrance`; `off` is the distance of the object from that axis.
 */
export function nextDepth(way: WayIn, depth: number, entrance: number, off: number): number {
  const wait = entrance - way.wait - way.waitSlope * off;
  if (depth < wait - NEAR_SHARE * way.wait || off > way.lost) return wait;
  return depth + way.lead * Math.max(0, 1 - off / (depth < entrance + TOUCHING ? way.aligned : way.kept));
}

/**
 * Sets the place and orientation at which the tool, now at `tcp` [7], brings what it holds from its pose `held` [7] to
 * `goal` [7]. The object's own pose is what counts, however it lies in the fingers.
 */
export function carry(
  aim: Aim,
  tcp: ArrayLike<number>,
  held: ArrayLike<number>,
  goal: ArrayLike<number>,
): void {
  const turn = times(goal, [0, 0, 0, held[3], -held[4], -held[5], -held[6]]);
  const about = [goal[0], goal[1], goal[2], ...turn];
  const place = fromFrame(about, tcp[0] - held[0], tcp[1] - held[1], tcp[2] - held[2]);
  for (let axis = 0; axis < 3; axis++) aim.target[axis] = place[axis];
  aim.orientation.set(times(about, tcp));
}

/** The product of the quaternions in two poses [7]. */
function times(a: ArrayLike<number>, b: ArrayLike<number>): [number, number, number, number] {
  return [
    a[3] * b[3] - a[4] * b[4] - a[5] * b[5] - a[6] * b[6],
    a[3] * b[4] + a[4] * b[3] + a[5] * b[6] - a[6] * b[5],
    a[3] * b[5] - a[4] * b[6] + a[5] * b[3] + a[6] * b[4],
    a[3] * b[6] + a[4] * b[5] - a[5] * b[4] + a[6] * b[3],
  ];
}
