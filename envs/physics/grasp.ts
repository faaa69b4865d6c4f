import type { PandaKinematics } from '../panda/kinematics.js';

const MIN_FORCE = 0.5;
/** Left and right, as signs along the hand's y axis. */
const SIDES = [1, -1] as const;

/**
 * True if both fingers feel at least 0.5 N from an actor, at most `maxDegrees` off their opening direction
 * (ManiSkill's `Panda.is_grasping`). `fingerForces` [2, 3]: of the actor on the left and right finger, N, world frame.
 */
export function isGraspedBetweenFingers(
  fingerForces: Float64Array,
  { handRotation }: PandaKinematics,
  maxDegrees: number,
): boolean {
  const minAlignment = Math.cos((maxDegrees * Math.PI) / 180);
  for (let finger = 0; finger < 2; finger++) {
    const x = fingerForces[3 * finger];
    const y = fingerForces[3 * finger + 1];
    const z = fingerForces[3 * finger + 2];
    const size = Math.sqrt(x * x + y * y + z * z);
    if (size < MIN_FORCE) return false;
    const outward = SIDES[finger] * (x * handRotation[1] + y * handRotation[4] + z * handRotation[7]);
    if (outward < minAlignment * size) return false;
  }
  return true;
}
