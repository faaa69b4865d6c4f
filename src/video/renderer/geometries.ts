import { BoxGeometry, type BufferGeometry, CapsuleGeometry, CylinderGeometry, SphereGeometry } from 'three';
import type { Geometry } from '../../../envs/scene.js';
import { hullGeometry } from './hull_geometry.js';

const SEGMENTS = 32;

/** The triangles of a shape's surface, with normals. */
export function surfaceOf(geometry: Geometry): BufferGeometry {
  switch (geometry.kind) {
    case 'box': {
      const [x, y, z] = geometry.halfSize;
      return new BoxGeometry(2 * x, 2 * y, 2 * z);
    }
    case 'sphere':
      return new SphereGeometry(geometry.radius, SEGMENTS, SEGMENTS / 2);
    case 'cylinder': {
      const { radius, halfLength } = geometry;
      return new CylinderGeometry(radius, radius, 2 * halfLength, SEGMENTS).rotateX(Math.PI / 2);
    }
    case 'capsule': {
      const { radius, halfLength } = geometry;
      return new CapsuleGeometry(radius, 2 * halfLength, SEGMENTS / 4, SEGMENTS).rotateX(Math.PI / 2);
    }
    case 'hull':
      return hullGeometry(geometry.vertices);
  }
}
