import type { PandaKinematics } from '../panda/kinematics.js';
import type { ActorContacts } from './contacts.js';
import { SIDES } from './gripper_bodies.js';

const MIN_FORCE = 0.5;

/**
 * True if both fingers feel at least 0.5 N from the actor, at most `maxDegrees` off their opening direction
 * (ManiSkill's `Panda.is_grasping`).
 */
export function isGraspedBetweenFingers(
  { fingerForces }: ActorContacts,
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
