import { boxCorners } from '../panda/box.js';
import type { Geometry } from '../scene.js';

/** Corners of a cylinder's rim: enough to tell where it stands. */
const RIM_CORNERS = 12;

/**
 * Outermost points of a geometry at `pose` [7], in the frame of that pose's coordinates: flat [n, 4], each point with
 * the radius of the ball about it.
 */
export function reachOf(geometry: Geometry, pose: readonly number[]): number[] {
  switch (geometry.kind) {
    case 'box':
      return withRadius(boxCorners({ pose, halfSize: geometry.halfSize }), 0);
    case 'sphere':
      return withRadius(moved([0, 0, 0], pose), geometry.radius);
    case 'capsule': {
      const { radius, halfLength } = geometry;
      return withRadius(moved([0, 0, -halfLength, 0, 0, halfLength], pose), radius);
    }
    case 'cylinder':
      return withRadius(moved(rims(geometry.radius, geometry.halfLength), pose), 0);
    case 'hull':
      return withRadius(moved(geometry.vertices, pose), 0);
  }
}

function rims(radius: number, halfLength: number): number[] {
  return Array.from({ length: RIM_CORNERS }, (_, corner) => (2 * Math.PI * corner) / RIM_CORNERS).flatMap(
    (angle) =>
      [-halfLength, halfLength].flatMap((z) => [radius * Math.cos(angle), radius * Math.sin(angle), z]),
  );
}

function withRadius(points: readonly number[], radius: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < points.length; i += 3) out.push(points[i], points[i + 1], points[i + 2], radius);
  return out;
}

/** Takes points [n, 3] from the frame at `pose` to the frame of that pose's coordinates. */
export function moved(points: readonly number[], [px, py, pz, w, qx, qy, qz]: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i];
    const y = points[i + 1];
    const z = points[i + 2];
    const tx = 2 * (qy * z - qz * y);
    const ty = 2 * (qz * x - qx * z);
    const tz = 2 * (qx * y - qy * x);
    out.push(
      px + x + w * tx + qy * tz - qz * ty,
      py + y + w * ty + qz * tx - qx * tz,
      pz + z + w * tz + qx * ty - qy * tx,
    );
  }
  return out;
}
