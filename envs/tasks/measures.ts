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
