import type { Manifold } from './manifold.js';
import type { Frame } from './posed.js';

/** The places of a contact point on either shape, world frame. */
const ownPoint = new Float64Array(3);
const otherPoint = new Float64Array(3);

/** Writes the points of contact between `a` and `b` as they are fixed to either of them, to `own` and `other` [count, 3]. */
export function fixPoints(
  { count, points, separations, normal }: Manifold,
  a: Frame,
  b: Frame,
  own: Float64Array,
  other: Float64Array,
): void {
  for (let point = 0; point < count; point++) {
    for (let axis = 0; axis < 3; axis++) {
      otherPoint[axis] = points[3 * point + axis];
      ownPoint[axis] = otherPoint[axis] + separations[point] * normal[axis];
    }
    toLocal(a, ownPoint, own, 3 * point);
    toLocal(b, otherPoint, other, 3 * point);
  }
}

/** Writes the place in the world of the point of a frame at `local` [from `at`] to `out` [3]. */
export function toWorld(
  { position: p, rotation: r }: Frame,
  local: Float64Array,
  at: number,
  out: Float64Array,
): void {
  for (let i = 0; i < 3; i++)
    out[i] = p[i] + r[3 * i] * local[at] + r[3 * i + 1] * local[at + 1] + r[3 * i + 2] * local[at + 2];
}

/** Writes the coordinates in a frame of the point `world` [3] to `out` [from `at`]. */
export function toLocal(
  { position: p, rotation: r }: Frame,
  world: Float64Array,
  out: Float64Array,
  at: number,
): void {
  const x = world[0] - p[0];
  const y = world[1] - p[1];
  const z = world[2] - p[2];
  for (let k = 0; k < 3; k++) out[at + k] = r[k] * x + r[3 + k] * y + r[6 + k] * z;
}
