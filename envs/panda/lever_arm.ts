import type { PandaKinematics } from './kinematics.js';

/** Speed of the world point (x, y, z) on the arm along the direction (dx, dy, dz) if `joint` turns at 1 rad/s. */
export function leverArm(
  { positions, axes }: Pick<PandaKinematics, 'positions' | 'axes'>,
  joint: number,
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
): number {
  const k = 3 * joint;
  const rx = x - positions[k];
  const ry = y - positions[k + 1];
  const rz = z - positions[k + 2];
  return (
    (axes[k + 1] * rz - axes[k + 2] * ry) * dx +
    (axes[k + 2] * rx - axes[k] * rz) * dy +
    (axes[k] * ry - axes[k + 1] * rx) * dz
  );
}
