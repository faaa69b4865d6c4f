import type { Actor } from '../bodies/actor.js';
import type { PandaKinematics } from '../panda/kinematics.js';

/** Hand and fingers, opened as far as they go, in the hand's frame: half widths in x and y, extent in z. */
const HALF_WIDTH = 0.035;
const HALF_SPAN = 0.11;
const BACK = -0.03;
const TIP = 0.113;
/** More than the hand travels in a physics step and than contacts are predicted over, metres. */
const MARGIN = 0.02;

/** True if the actor is out of the gripper's reach for the next physics step. */
export function isActorFar(
  { state, radius }: Actor,
  { handPosition, handRotation: r }: PandaKinematics,
): boolean {
  const dx = state[0] - handPosition[0];
  const dy = state[1] - handPosition[1];
  const dz = state[2] - handPosition[2];
  const room = radius + MARGIN;
  const along = r[2] * dx + r[5] * dy + r[8] * dz;
  if (along > TIP + room || along < BACK - room) return true;
  if (Math.abs(r[0] * dx + r[3] * dy + r[6] * dz) > HALF_WIDTH + room) return true;
  return Math.abs(r[1] * dx + r[4] * dy + r[7] * dz) > HALF_SPAN + room;
}
