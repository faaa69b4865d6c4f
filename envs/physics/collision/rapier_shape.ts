import { ColliderDesc, type Rotation } from '@dimforge/rapier3d-simd-compat';
import type { Geometry } from '../../scene.js';

/** Rapier's shape for a geometry; null if there is none. */
export function shapeOf(geometry: Geometry): ColliderDesc | null {
  switch (geometry.kind) {
    case 'box':
      return ColliderDesc.cuboid(geometry.halfSize[0], geometry.halfSize[1], geometry.halfSize[2]);
    case 'sphere':
      return ColliderDesc.ball(geometry.radius);
    case 'cylinder':
      return ColliderDesc.cylinder(geometry.halfLength, geometry.radius);
    case 'capsule':
      return ColliderDesc.capsule(geometry.halfLength, geometry.radius);
    case 'hull':
      return ColliderDesc.convexHull(Float32Array.from(geometry.vertices));
  }
}

/**
 * The rotation of Rapier's shape for a geometry that is turned by the quaternion wxyz: its cylinders and capsules stand
 * along y, ours along z.
 */
export function turnOf({ kind }: Geometry, quaternion: ArrayLike<number>): Rotation {
  const w = quaternion[0];
  const x = quaternion[1];
  const y = quaternion[2];
  const z = quaternion[3];
  if (kind !== 'cylinder' && kind !== 'capsule') return { w, x, y, z };
  const s = Math.SQRT1_2;
  return { w: s * (w - x), x: s * (x + w), y: s * (y + z), z: s * (z - y) };
}
