import type { Manifold } from './manifold.js';
import { MAX_POINTS } from './manifold.js';
import { fixPoints, toLocal, toWorld } from './points_in_frames.js';
import type { Frame, PosedBox } from './posed.js';

/** A box's margin is this share of its smallest half edge, and at most so many metres (CalculatePCMBoxMargin). */
const MARGIN_RATIO = 0.15;
const LARGEST_MARGIN = 0.015;
/** Share of the margin by which a point may slide until it is no contact any more. */
const SLIDING_SHARE = 0.8;
/** Shares of the margin by which boxes may move until their points are found anew, by the number of points. */
const MOVING_SHARES = [0.5, 0.125, 0.25, 0.375, 0.375];
/** Largest half angle that a box may turn, radians, until then: its cosine is 0.9999. */
const TURNING = Math.acos(0.9999);

const ownPoint = new Float64Array(3);
const otherPoint = new Float64Array(3);
const normal = new Float64Array(3);
const place = new Float64Array(3);

/**
 * The contact points of two boxes, which stay with both of them until these have moved or turned by more than a little:
 * PhysX finds them anew only then (pcmContactBoxBox, PersistentContactManifold::invalidate_BoxConvex). So boxes whose faces
 * meet at an edge keep to the face that they met by.
 */
export class BoxMemory {
  private count = 0;
  private margin = 0;
  private radius = 0;
  private otherRadius = 0;
  /** [count, 3]: the points in the frames of either box. */
  private readonly own = new Float64Array(3 * MAX_POINTS);
  private readonly other = new Float64Array(3 * MAX_POINTS);
  /** [3]: the normal in the frame of `b`. */
  private readonly normal = new Float64Array(3);
  /** [3]: position of `a` in the frame of `b`, and [3, 3] the rotations of both, when the points were found. */
  private readonly place = new Float64Array(3);
  private readonly rotation = new Float64Array(9);
  private readonly otherRotation = new Float64Array(9);

  clear(): void {
    this.count = 0;
  }

  /** Remembers the points in `manifold`, found between `a` and `b`. */
  note(a: PosedBox, b: PosedBox, manifold: Manifold): void {
    this.count = manifold.count;
    if (this.count === 0) return;
    this.margin = Math.min(marginOf(a), marginOf(b));
    this.radius = radiusOf(a);
    this.otherRadius = radiusOf(b);
    fixPoints(manifold, a, b, this.own, this.other);
    turnBack(b, manifold.normal, this.normal);
    toLocal(b, a.position, this.place, 0);
    this.rotation.set(a.rotation);
    this.otherRotation.set(b.rotation);
  }

  /**
   * Writes the points, as they are by now, to `manifold`, those that are at most `reach` metres apart. Returns false, and writes
   * nothing of use, if they have to be found anew.
   */
  recall(a: PosedBox, b: PosedBox, reach: number, manifold: Manifold): boolean {
    if (this.count === 0 || this.hasMoved(a, b)) return false;
    turn(b, this.normal, normal);
    const largest = (SLIDING_SHARE * this.margin) ** 2;
    for (let point = 0; point < this.count; point++) {
      toWorld(a, this.own, 3 * point, ownPoint);
      toWorld(b, this.other, 3 * point, otherPoint);
      let separation = 0;
      let squared = 0;
      for (let axis = 0; axis < 3; axis++) {
        const way = ownPoint[axis] - otherPoint[axis];
        separation += way * normal[axis];
        squared += way * way;
      }
      if (squared - separation * separation > largest) {
        manifold.clear();
        return false;
      }
      if (separation <= reach) manifold.add(otherPoint[0], otherPoint[1], otherPoint[2], separation);
    }
    manifold.normal.set(normal);
    return true;
  }

  private hasMoved(a: PosedBox, b: PosedBox): boolean {
    const furthest = this.margin * MOVING_SHARES[this.count];
    toLocal(b, a.position, place, 0);
    for (let axis = 0; axis < 3; axis++) if (Math.abs(place[axis] - this.place[axis]) > furthest) return true;
    const angle = halfAngle(a.rotation, this.rotation);
    const otherAngle = halfAngle(b.rotation, this.otherRotation);
    if (angle > TURNING || otherAngle > TURNING) return true;
    return angle * this.radius > furthest || otherAngle * this.otherRadius > furthest;
  }
}

function marginOf({ halfSize: h }: PosedBox): number {
  return Math.min(MARGIN_RATIO * Math.min(h[0], h[1], h[2]), LARGEST_MARGIN);
}

function radiusOf({ halfSize: h }: PosedBox): number {
  return Math.sqrt(h[0] * h[0] + h[1] * h[1] + h[2] * h[2]);
}

/** Half the angle between two rotations. */
function halfAngle(r: Float64Array, s: Float64Array): number {
  let squared = 0;
  for (let k = 0; k < 9; k++) squared += (r[k] - s[k]) * (r[k] - s[k]);
  // The matrices differ by 2·√2·sin(angle/2).
  return Math.asin(Math.min(1, Math.sqrt(squared / 8)));
}

function turn({ rotation: r }: Frame, local: Float64Array, out: Float64Array): void {
  for (let i = 0; i < 3; i++)
    out[i] = r[3 * i] * local[0] + r[3 * i + 1] * local[1] + r[3 * i + 2] * local[2];
}

function turnBack({ rotation: r }: Frame, world: Float64Array, out: Float64Array): void {
  for (let k = 0; k < 3; k++) out[k] = r[k] * world[0] + r[3 + k] * world[1] + r[6 + k] * world[2];
}
