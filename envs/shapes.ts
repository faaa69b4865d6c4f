import { type Geometry, IDENTITY_POSE, type Material, type Shape } from './scene.js';

/** Corners of a ring: enough to look round. */
const RING_CORNERS = 24;
/** Rings from a dome's rim to its flat tip. */
const DOME_RINGS = 6;

type Axis = 'y' | 'z';
type Vector = readonly [number, number, number];

/** A shape at the origin of its body's frame, or at `position` in it. */
export function shape(geometry: Geometry, material: Material, position: Vector = [0, 0, 0]): Shape {
  return { geometry, material, pose: [...position, ...IDENTITY_POSE.slice(3)] };
}

/** A box by its centre and half its edge lengths. */
export function box(material: Material, position: Vector, halfSize: Vector): Shape {
  return shape({ kind: 'box', halfSize }, material, position);
}

/** The convex hull of several sets of points, each [n, 3]. */
export function hull(material: Material, ...points: readonly (readonly number[])[]): Shape {
  return shape({ kind: 'hull', vertices: points.flat() }, material);
}

/** Points on a circle about a line along `axis`. */
export function ring(axis: Axis, [x, y, z]: Vector, radius: number): number[] {
  const points: number[] = [];
  for (let corner = 0; corner < RING_CORNERS; corner++) {
    const angle = (2 * Math.PI * corner) / RING_CORNERS;
    const u = radius * Math.cos(angle);
    const v = radius * Math.sin(angle);
    if (axis === 'y') points.push(x + u, y, z + v);
    else points.push(x + u, y + v, z);
  }
  return points;
}

/** Rings of half an ellipsoid that stands on the circle of `radius` and reaches `height` (may be negative) along `axis`. */
export function dome(axis: Axis, [x, y, z]: Vector, radius: number, height: number): number[] {
  const points: number[] = [];
  for (let i = 0; i < DOME_RINGS; i++) {
    const angle = (0.9 * Math.PI * i) / (2 * (DOME_RINGS - 1));
    const rise = height * Math.sin(angle);
    const centre: Vector = axis === 'y' ? [x, y + rise, z] : [x, y, z + rise];
    points.push(...ring(axis, centre, radius * Math.cos(angle)));
  }
  return points;
}
