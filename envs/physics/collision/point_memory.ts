import type { Manifold } from './manifold.js';
import { MAX_POINTS } from './manifold.js';
import { fixPoints, toWorld } from './points_in_frames.js';
import type { Frame } from './posed.js';

/** Points that have slid further than this, metres, are no longer contacts; nearer ones count as the same. */
const SAME_POINT = 1e-3;
/** Cosine of the angle by which the normal may turn until the points before are forgotten. */
const SAME_NORMAL = 0.99;

/** The places of a point as fixed to either shape, world frame. */
const ownPoint = new Float64Array(3);
const otherPoint = new Float64Array(3);

/**
 * Contact points of earlier steps, which stay with both shapes. Where only the closest points of two shapes can be found,
 * one in each step, together they make a contact that doesn't tilt.
 */
export class PointMemory {
  private count = 0;
  /** [count, 3]: the points in the frames of either shape. */
  private readonly own = new Float64Array(3 * (MAX_POINTS + 1));
  private readonly other = new Float64Array(3 * (MAX_POINTS + 1));
  private readonly normal = new Float64Array(3);

  clear(): void {
    this.count = 0;
  }

  /**
   * Adds what is left of the points before to the one in `manifold`, between shapes at `a` and `b`, and remembers them
   * all. Points more than `reach` metres apart are left out.
   */
  complete(manifold: Manifold, a: Frame, b: Frame, reach: number): void {
    const { normal, points } = manifold;
    const turn = normal[0] * this.normal[0] + normal[1] * this.normal[1] + normal[2] * this.normal[2];
    const known = turn < SAME_NORMAL ? 0 : this.count;
    this.normal.set(normal);
    for (let point = 0; point < known; point++) {
      const separation = this.separation(point, a, b);
      if (separation < reach && isApartFrom(points)) {
        manifold.add(otherPoint[0], otherPoint[1], otherPoint[2], separation);
      }
    }
    manifold.reduce();
    this.count = manifold.count;
    fixPoints(manifold, a, b, this.own, this.other);
  }

  /** The distance along the normal of a point's two places by now; infinite if it has slid. */
  private separation(point: number, a: Frame, b: Frame): number {
    const { normal } = this;
    toWorld(a, this.own, 3 * point, ownPoint);
    toWorld(b, this.other, 3 * point, otherPoint);
    let along = 0;
    let squared = 0;
    for (let axis = 0; axis < 3; axis++) {
      const way = ownPoint[axis] - otherPoint[axis];
      along += way * normal[axis];
      squared += way * way;
    }
    return squared - along * along > SAME_POINT * SAME_POINT ? Infinity : along;
  }
}

/** True if the point isn't the same as the first of `points`. */
function isApartFrom(points: Float64Array): boolean {
  let squared = 0;
  for (let axis = 0; axis < 3; axis++) squared += (otherPoint[axis] - points[axis]) ** 2;
  return squared > SAME_POINT * SAME_POINT;
}
