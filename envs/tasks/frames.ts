/** A point as [x, y, z]. */
export type Point = readonly [number, number, number];

/** The place in the world of the point `x, y, z` of the frame at `pose` (position 3, quaternion wxyz 4). */
export function fromFrame(pose: ArrayLike<number>, x: number, y: number, z: number): Point {
  const [rx, ry, rz] = turned(pose[3], pose[4], pose[5], pose[6], x, y, z);
  return [pose[0] + rx, pose[1] + ry, pose[2] + rz];
}

/** The coordinates of a point of the world in the frame at `pose` (position 3, quaternion wxyz 4). */
export function inFrame(pose: ArrayLike<number>, point: ArrayLike<number>): Point {
  const [x, y, z] = [point[0] - pose[0], point[1] - pose[1], point[2] - pose[2]];
  return turned(pose[3], -pose[4], -pose[5], -pose[6], x, y, z);
}

/** The angle, 0 to π, between the orientations of two poses (position 3, quaternion wxyz 4). */
export function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const w = a[3] * b[3] + a[4] * b[4] + a[5] * b[5] + a[6] * b[6];
  // The vector of a* ⊗ b; from w alone, small angles would be inexact.
  const x = a[3] * b[4] - a[4] * b[3] - a[5] * b[6] + a[6] * b[5];
  const y = a[3] * b[5] + a[4] * b[6] - a[5] * b[3] - a[6] * b[4];
  const z = a[3] * b[6] - a[4] * b[5] + a[5] * b[4] - a[6] * b[3];
  return 2 * Math.atan2(Math.hypot(x, y, z), Math.abs(w));
}

function turned(qw: number, qx: number, qy: number, qz: number, x: number, y: number, z: number): Point {
  const tx = 2 * (qy * z - qz * y);
  const ty = 2 * (qz * x - qx * z);
  const tz = 2 * (qx * y - qy * x);
  return [x + qw * tx + qy * tz - qz * ty, y + qw * ty + qz * tx - qx * tz, z + qw * tz + qx * ty - qy * tx];
}
