import type { Actor } from '../bodies/actor.js';

/** 1 − tanh(5·distance): ManiSkill's reward for coming close, 1 at no distance. */
export function closeness(distance: number): number {
  return 1 - Math.tanh(5 * distance);
}

/** The distance between the points in the first three entries of `a` and `b`. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = a[0] - b[0];
  const y = a[1] - b[1];
  const z = a[2] - b[2];
  return Math.sqrt(x * x + y * y + z * z);
}

/** The same along the table. */
export function planarDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = a[0] - b[0];
  const y = a[1] - b[1];
  return Math.sqrt(x * x + y * y);
}

/**
 * The last of ManiSkill's Euler angles "XYZ" of a quaternion wxyz, radians: the yaw of what lies flat. It jumps where the
 * body's x axis is upright.
 */
export function lastEulerAngle([w, x, y, z]: ArrayLike<number> & Iterable<number>): number {
  return Math.atan2(2 * (w * z - x * y), 1 - 2 * (y * y + z * z));
}

const STATIC_SPEED = 0.01;
const STATIC_TURNING = 0.5;

/** True if the actor's speed is at most 1 cm/s and its turning 0.5 rad/s, as ManiSkill asks of what is put down. */
export function isStatic({ linearVelocity, angularVelocity }: Actor): boolean {
  return length(linearVelocity) <= STATIC_SPEED && length(angularVelocity) <= STATIC_TURNING;
}

/** The length of the vector in the first three entries of `a`. */
export function length(a: ArrayLike<number>): number {
  return Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

/** ManiSkill's reward for what stands still, 1 at rest. */
export function stillness({ linearVelocity, angularVelocity }: Actor): number {
  return 1 - Math.tanh(10 * length(linearVelocity) + length(angularVelocity));
}
