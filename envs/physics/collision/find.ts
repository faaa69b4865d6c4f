import { touchBoxes } from './box_box.js';
import type { BoxMemory } from './box_memory.js';
import type { ClosestPoints } from './closest_points.js';
import type { Manifold } from './manifold.js';
import type { PointMemory } from './point_memory.js';
import type { PosedBox, PosedShape } from './posed.js';
import { touchSphereAndBox } from './sphere_box.js';

/** Distance, metres, up to which points are contacts of two shapes that touch: PhysX's contact offset of both. */
export const REACH = 0.04;

/** Two shapes' contact points, and what is remembered of earlier ones. */
export interface ContactPair {
  readonly manifold: Manifold;
  readonly pointMemory: PointMemory;
  readonly boxMemory: BoxMemory;
}

/** Finds the contact points of two shapes of any kind, and writes them to the manifold of `pair`. */
export function findContacts(a: PosedShape, b: PosedShape, closest: ClosestPoints, pair: ContactPair): void {
  const { manifold } = pair;
  if (isBox(a) && isBox(b)) {
    const memory = pair.boxMemory;
    if (memory.recall(a.box, b.box, REACH, manifold)) return;
    if (touchBoxes(a.box, b.box, REACH, manifold) === 'edges') closest.find(a, b, REACH, manifold);
    memory.note(a.box, b.box, manifold);
  } else if (a.geometry.kind === 'sphere' && isBox(b)) {
    touchSphereAndBox(a, a.geometry.radius, b.box, true, REACH, manifold);
  } else if (b.geometry.kind === 'sphere' && isBox(a)) {
    touchSphereAndBox(b, b.geometry.radius, a.box, false, REACH, manifold);
  } else {
    closest.find(a, b, REACH, manifold);
    if (manifold.count > 0) pair.pointMemory.complete(manifold, a, b, REACH);
  }
}

/** The distance, metres, that shapes have at least, as far as their bounding balls tell. */
export function leastDistance(a: PosedShape, b: PosedShape): number {
  if (b.box !== null) return distanceToBox(a.position, b.box) - a.radius;
  if (a.box !== null) return distanceToBox(b.position, a.box) - b.radius;
  const x = a.position[0] - b.position[0];
  const y = a.position[1] - b.position[1];
  const z = a.position[2] - b.position[2];
  return Math.sqrt(x * x + y * y + z * z) - a.radius - b.radius;
}

function isBox(shape: PosedShape): shape is PosedShape & { box: PosedBox } {
  return shape.box !== null;
}

function distanceToBox(point: Float64Array, { position: p, rotation: r, halfSize }: PosedBox): number {
  const dx = point[0] - p[0];
  const dy = point[1] - p[1];
  const dz = point[2] - p[2];
  let squared = 0;
  for (let k = 0; k < 3; k++) {
    const beyond = Math.abs(r[k] * dx + r[3 + k] * dy + r[6 + k] * dz) - halfSize[k];
    if (beyond > 0) squared += beyond * beyond;
  }
  return Math.sqrt(squared);
}
