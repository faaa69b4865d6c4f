import type { Manifold } from '../collision/manifold.js';
import type { Frame } from '../collision/posed.js';

/** Contact points further apart than this, metres, can't hold an anchor; anchors further apart than that let go. */
const ANCHOR_REACH = 0.004;
const SEPARATION = 0.0025;
/** Cosine of the angle by which the normal of a patch may turn before it is another patch. */
const SAME_NORMAL = 0.999;
const SAME_POINT_SQUARED = 1e-8;
/** Numbers that {@link FrictionPatch.writeBeginning} writes. */
export const PATCH_NUMBERS = 19;

/** The normal in the world, as fixed to either side. */
const ownNormal = new Float64Array(3);
const otherNormal = new Float64Array(3);

/**
 * The friction of two surfaces that touch: up to two anchors, points where the surfaces hold each other, which stay with
 * both of them from step to step until they slip. The anchors lie as far apart as the contact allows, so that they resist
 * turning too (PhysX's DyFrictionCorrelation.cpp).
 */
export class FrictionPatch {
  count = 0;
  /** [count, 3]: the anchors in the world, as fixed to either side. */
  readonly ownPoints = new Float64Array(6);
  readonly otherPoints = new Float64Array(6);

  /** The anchors and the normal in either side's frame. */
  private readonly own = new Float64Array(9);
  private readonly other = new Float64Array(9);

  /** Lets go. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Writes all numbers, besides the contact points, that say how the patch holds, to `out` from `at`. Returns the place after
   * them.
   */
  writeBeginning(out: Float64Array, at: number): number {
    const { own, other } = this;
    out[at] = this.count;
    out.set(own, at + 1);
    out.set(other, at + 1 + own.length);
    return at + PATCH_NUMBERS;
  }

  /** Keeps or renews the anchors for the contact points of `manifold` between surfaces in the frames `a` and `b`. */
  update(manifold: Manifold, a: Frame, b: Frame): void {
    if (this.count > 0) this.keep(manifold, a, b);
    if (this.count < 2) this.grow(manifold, a, b);
    for (let anchor = 0; anchor < this.count; anchor++) {
      toWorld(a, this.own, 3 * anchor, this.ownPoints, 3 * anchor);
      toWorld(b, this.other, 3 * anchor, this.otherPoints, 3 * anchor);
    }
  }

  /** Lets go of anchors that no longer belong together, or that lie so close that they hold no turning. */
  private keep(manifold: Manifold, a: Frame, b: Frame): void {
    const { own, other, ownPoints, otherPoints } = this;
    const normal = ownNormal;
    turn(a, own, 6, normal);
    turn(b, other, 6, otherNormal);
    if (dot(normal, otherNormal) <= SAME_NORMAL || dot(normal, manifold.normal) < SAME_NORMAL) {
      this.count = 0;
      return;
    }
    for (let anchor = 0; anchor < this.count; anchor++) {
      const at = 3 * anchor;
      toWorld(a, own, at, ownPoints, at);
      toWorld(b, other, at, otherPoints, at);
      let gap = 0;
      for (let axis = 0; axis < 3; axis++)
        gap += normal[axis] * (ownPoints[at + axis] - otherPoints[at + axis]);
      if (Math.abs(gap) >= SEPARATION) {
        this.count = 0;
        return;
      }
    }
    if (this.count === 2 && 4 * squaredDistance(own, 0, own, 3) < squaredExtent(manifold)) this.count = 0;
  }

  private grow({ points, separations, count, normal }: Manifold, a: Frame, b: Frame): void {
    const { own, other, ownPoints } = this;
    if (this.count === 0) {
      turnBack(a, normal, own, 6);
      turnBack(b, normal, other, 6);
    }
    const known = this.count;
    let found = known;
    let apart = 0;
    if (known === 1) toWorld(a, own, 0, ownPoints, 0);
    for (let point = 0; point < count; point++) {
      if (separations[point] >= ANCHOR_REACH) continue;
      const at = 3 * point;
      if (found === 0) {
        copy(points, at, ownPoints, 0);
        found = 1;
        continue;
      }
      const first = squaredDistance(points, at, ownPoints, 0);
      if (found === 1) {
        if (first <= SAME_POINT_SQUARED) continue;
        copy(points, at, ownPoints, 3);
        apart = first;
        found = 2;
        continue;
      }
      const second = squaredDistance(points, at, ownPoints, 3);
      if (first > second) {
        if (first <= apart) continue;
        copy(points, at, ownPoints, 3);
        apart = first;
      } else if (second > apart) {
        copy(points, at, ownPoints, 0);
        apart = second;
      }
    }
    for (let anchor = known; anchor < found; anchor++) {
      toLocal(a, ownPoints, 3 * anchor, own, 3 * anchor);
      toLocal(b, ownPoints, 3 * anchor, other, 3 * anchor);
    }
    this.count = found;
  }
}

/** The squared diagonal of the box along the world's axes that holds all contact points. */
function squaredExtent({ points, count }: Manifold): number {
  let sum = 0;
  for (let axis = 0; axis < 3; axis++) {
    let low = Infinity;
    let high = -Infinity;
    for (let point = 0; point < count; point++) {
      low = Math.min(low, points[3 * point + axis]);
      high = Math.max(high, points[3 * point + axis]);
    }
    sum += (high - low) ** 2;
  }
  return sum;
}

function toWorld(
  { position: p, rotation: r }: Frame,
  local: Float64Array,
  from: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < 3; i++) {
    out[at + i] =
      p[i] + r[3 * i] * local[from] + r[3 * i + 1] * local[from + 1] + r[3 * i + 2] * local[from + 2];
  }
}

function toLocal(
  { position: p, rotation: r }: Frame,
  world: Float64Array,
  from: number,
  out: Float64Array,
  at: number,
): void {
  const x = world[from] - p[0];
  const y = world[from + 1] - p[1];
  const z = world[from + 2] - p[2];
  for (let k = 0; k < 3; k++) out[at + k] = r[k] * x + r[3 + k] * y + r[6 + k] * z;
}

function turn({ rotation: r }: Frame, local: Float64Array, from: number, out: Float64Array): void {
  for (let i = 0; i < 3; i++) {
    out[i] = r[3 * i] * local[from] + r[3 * i + 1] * local[from + 1] + r[3 * i + 2] * local[from + 2];
  }
}

function turnBack({ rotation: r }: Frame, world: Float64Array, out: Float64Array, at: number): void {
  for (let k = 0; k < 3; k++) out[at + k] = r[k] * world[0] + r[3 + k] * world[1] + r[6 + k] * world[2];
}

function copy(from: Float64Array, at: number, to: Float64Array, start: number): void {
  for (let axis = 0; axis < 3; axis++) to[start + axis] = from[at + axis];
}

function dot(a: Float64Array, b: Float64Array): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, k: number): number {
  return (a[i] - b[k]) ** 2 + (a[i + 1] - b[k + 1]) ** 2 + (a[i + 2] - b[k + 2]) ** 2;
}
