import { distance } from '../../tasks/measures.js';
import type { Aim } from '../script.js';

/** Off to the side of the place, the tool stays above it: up to 6 cm, 2 cm per centimetre beyond the first 1 cm. */
const APPROACH_HEIGHT = 0.06;
const APPROACH_SLOPE = 2;
const APPROACH_RADIUS = 0.01;
/** The fingers close this near to the place. */
const CLOSING_DISTANCE = 0.012;
/** Fingers that hold something seem to be at most this much farther apart than it is wide. */
const SLACK = 0.002;
const OPEN = 1;

/** Goes from above to `place` [3] with open fingers, and closes them there with the command `closing`. */
export function grip(tcp: ArrayLike<number>, place: ArrayLike<number>, closing: number, aim: Aim): void {
  const beside = Math.hypot(tcp[0] - place[0], tcp[1] - place[1]);
  const height = Math.min(APPROACH_HEIGHT, Math.max(0, (beside - APPROACH_RADIUS) * APPROACH_SLOPE));
  aim.gripper = distance(tcp, place) < CLOSING_DISTANCE ? closing : OPEN;
  aim.target[0] = place[0];
  aim.target[1] = place[1];
  aim.target[2] = place[2] + height;
}

/** True if fingers this far apart hold something of that width, provided that it is between them. */
export function areClosedOn(width: number, fingerGap: number): boolean {
  return fingerGap < width + SLACK;
}
