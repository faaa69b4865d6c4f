import type { BodyDescription } from './description.js';
import { moved } from './geometry.js';
import { cross, dot } from './vectors.js';

/** A body somewhere: `pose` is [≥ 7], position and quaternion wxyz. */
export interface PlacedBody {
  readonly description: BodyDescription;
  readonly pose: ArrayLike<number>;
}

/** A sphere or a box in the world; a sphere has no axes. */
interface Solid {
  readonly centre: readonly number[];
  /** Unit vectors along the edges. */
  readonly axes: readonly (readonly number[])[];
  /** Half the lengths of the edges; for a sphere, its radius. */
  readonly halfSize: readonly number[];
}

/** The least length, metres, of the cross product of two edges that are not parallel. */
const MIN_CROSS = 1e-6;

/**
 * The shortest way, metres, by which the deepest two boxes or spheres of two bodies would come apart; negative where
 * none of them overlap. Other geometries don't count.
 */
export function depthOfOverlap(a: PlacedBody, b: PlacedBody): number {
  const others = solidsOf(b);
  let depth = Number.NEGATIVE_INFINITY;
  for (const solid of solidsOf(a)) {
    for (const other of others) depth = Math.max(depth, depthOfSolids(solid, other));
  }
  return depth;
}

function solidsOf({ description, pose }: PlacedBody): Solid[] {
  return description.parts.flatMap(({ collides, geometry, pose: local }) => {
    if (!collides || (geometry.kind !== 'box' && geometry.kind !== 'sphere')) return [];
    const inWorld = (x: number, y: number, z: number) => moved(moved([x, y, z], local), Array.from(pose));
    const centre = inWorld(0, 0, 0);
    if (geometry.kind === 'sphere') return [{ centre, axes: [], halfSize: [geometry.radius] }];
    const ends = [inWorld(1, 0, 0), inWorld(0, 1, 0), inWorld(0, 0, 1)];
    const axes = ends.map((end) => difference(end, centre));
    return [{ centre, axes, halfSize: geometry.halfSize }];
  });
}

function depthOfSolids(a: Solid, b: Solid): number {
  const way = difference(b.centre, a.centre);
  if (a.axes.length > 0 && b.axes.length > 0) return depthOfBoxes(a, b, way);
  if (a.axes.length > 0) return depthOfBall(b.halfSize[0], a, way);
  if (b.axes.length > 0) return depthOfBall(a.halfSize[0], b, way);
  return a.halfSize[0] + b.halfSize[0] - Math.hypot(...way);
}

/** @param way between the two centres, in either direction. */
function depthOfBall(radius: number, box: Solid, way: readonly number[]): number {
  const beyond = box.axes.map((axis, i) => Math.abs(dot(axis, way)) - box.halfSize[i]);
  const nearest = Math.max(...beyond);
  return radius - (nearest < 0 ? nearest : Math.hypot(...beyond.map((value) => Math.max(0, value))));
}

/** Tries the directions that can part two boxes: of their faces, and across an edge of each (Gottschalk et al., 1996). */
function depthOfBoxes(a: Solid, b: Solid, way: readonly number[]): number {
  let depth = Number.POSITIVE_INFINITY;
  const crossed = a.axes.flatMap((axis) => b.axes.map((other) => cross(axis, other)));
  for (const direction of [...a.axes, ...b.axes, ...crossed]) {
    const length = Math.hypot(...direction);
    if (length < MIN_CROSS) continue;
    const reach = reachAlong(a, direction) + reachAlong(b, direction) - Math.abs(dot(way, direction));
    depth = Math.min(depth, reach / length);
    if (depth < 0) break;
  }
  return depth;
}

function reachAlong({ axes, halfSize }: Solid, direction: readonly number[]): number {
  return axes.reduce((sum, axis, i) => sum + halfSize[i] * Math.abs(dot(axis, direction)), 0);
}

function difference(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - b[i]);
}
