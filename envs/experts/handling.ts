import { distance, planarDistance } from '../tasks/measures.js';
import { faceCube, pointDown, yawOf } from './hand_orientation.js';
import type { Aim, Sight } from './script.js';

const OPEN = 1;
const CLOSED = -1;

/** An object is between the fingers if it is this near to the tool, and held if they are this close around it. */
const WITHIN_DISTANCE = 0.02;
const HELD_GAP = 0.06;
const EMPTY_GAP = 0.03;
/** Fingers this far apart are opening: what they hold may then shift this much, and is let go all the same. */
const OPENING_GAP = 0.045;
const OPENING_SPARE = 0.005;
/** Distance between the fingers from which they leave an object without touching it. */
const WIDE_GAP = 0.068;
const LEAVING_HEIGHT = 0.12;
/** Closing starts when the tool centre point is this close to its place. */
const CLOSING_DISTANCE = 0.012;
/** A descent is a landing from this distance on. */
const LANDING_DISTANCE = 0.04;

/** The flaws of scripts that handle objects: gripping beside, letting go on the way, and bringing to a place beside. */
export const HANDLING_FLAWS = ['miss', 'drop', 'wrong_place'];
const MISS_DISTANCE = 0.05;
const DROP_DISTANCE = 0.08;
const WRONG_PLACE_DISTANCE = 0.07;

/**
 * The way down to a place: off to the side of it, the tool stays above it, and goes only up where it is far too low, so that
 * nothing near the place is touched. Metres.
 */
export interface Descent {
  /** Height above the place while away from it, and per metre beside it, beyond the first centimetre. */
  readonly height: number;
  readonly slope: number;
  /** Height that it goes up to first, and the distance beside the place from where less is enough. */
  readonly clearance: number;
  readonly nearness: number;
  /** Speed at the end, see {@link Aim.speed}. */
  readonly landingSpeed: number;
}

/** The way in which an object is put down. */
export interface Placement extends Descent {
  /** Largest distances, along the table and above the place, at which the object is let go. */
  readonly releaseDistance: number;
  readonly releaseHeight: number;
}

const TO_CUBE: Descent = { height: 0.06, slope: 3, clearance: 0.045, nearness: 1, landingSpeed: 1 };

/** True if the gripper holds the object at `pose`. */
export function isHeld(sight: Sight, pose: Float32Array): boolean {
  return sight.fingerGap < HELD_GAP && sight.fingerGap > EMPTY_GAP && isWithin(sight, pose);
}

/** True if the object at `pose` is between the fingers. */
export function isWithin({ parts: { tcp_pose: tcp } }: Sight, pose: Float32Array): boolean {
  return distance(tcp, pose) < WITHIN_DISTANCE;
}

/** Goes above the cube with the fingers along its faces and free of the `others`, then down, and grips it. */
export function gripCube(sight: Sight, cube: Float32Array, others: readonly Float32Array[], aim: Aim): void {
  faceCube(sight.parts.tcp_pose, cube, others, aim);
  grip(sight, cube, TO_CUBE, aim);
}

/** Goes above `place` [3], then down, and closes the fingers. */
export function grip(sight: Sight, place: ArrayLike<number>, descent: Descent, aim: Aim): void {
  const { tcp_pose: tcp } = sight.parts;
  const goal = sight.flaw === 'miss' ? aside(sight, place, MISS_DISTANCE) : place;
  aim.gripper = distance(tcp, goal) < CLOSING_DISTANCE ? CLOSED : OPEN;
  approach(tcp, tcp, goal, descent, aim);
}

/** Carries the held object at `pose` to `place` [3], comes down on it, and lets go. */
export function putDown(
  sight: Sight,
  pose: Float32Array,
  place: ArrayLike<number>,
  placement: Placement,
  aim: Aim,
): void {
  const { tcp_pose: tcp } = sight.parts;
  const goal = sight.flaw === 'wrong_place' ? aside(sight, place, WRONG_PLACE_DISTANCE) : place;
  const beside = planarDistance(pose, goal);
  const spare = sight.fingerGap > OPENING_GAP ? OPENING_SPARE : 0;
  const isDown =
    beside < placement.releaseDistance + spare && pose[2] < goal[2] + placement.releaseHeight + spare;
  if (isDown || (sight.flaw === 'drop' && beside < DROP_DISTANCE)) {
    letGo(sight, pose, aim);
    return;
  }
  aim.gripper = CLOSED;
  pointDown(aim, yawOf(tcp), goal);
  approach(tcp, pose, goal, placement, aim);
}

/** Opens the fingers wide where they are, and then leaves the object at `pose` straight upwards. */
export function letGo({ parts: { tcp_pose: tcp }, fingerGap }: Sight, pose: Float32Array, aim: Aim): void {
  aim.gripper = OPEN;
  pointDown(aim, yawOf(tcp), pose);
  aim.target.set(tcp.subarray(0, 3));
  if (fingerGap > WIDE_GAP) aim.target[2] = pose[2] + LEAVING_HEIGHT;
}

/** The gripper's command that brings the fingers `gap` metres apart. */
export function commandOf(gap: number): number {
  return (gap - 0.03) / 0.05;
}

/** Aims so that `moved`, which moves with the tool, comes down on `place`. */
function approach(
  tcp: Float32Array,
  moved: Float32Array,
  place: ArrayLike<number>,
  { height, slope, clearance, nearness, landingSpeed }: Descent,
  aim: Aim,
): void {
  const { target } = aim;
  const beside = planarDistance(moved, place);
  const above = Math.min(height, Math.max(0, slope * (beside - 0.01)));
  const needed = Math.min(clearance - Math.max(0, beside - nearness), 1.5 * (beside - 0.025));
  const isLow = moved[2] - place[2] < needed;
  target[0] = tcp[0] + (isLow ? 0 : place[0] - moved[0]);
  target[1] = tcp[1] + (isLow ? 0 : place[1] - moved[1]);
  target[2] = tcp[2] + place[2] + above - moved[2];
  if (distance(moved, place) < LANDING_DISTANCE) aim.speed = landingSpeed;
}

/** A place `length` metres beside another, in the direction of this episode. */
function aside({ aside: [x, y] }: Sight, place: ArrayLike<number>, length: number): number[] {
  return [place[0] + length * x, place[1] + length * y, place[2]];
}
