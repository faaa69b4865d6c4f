import { BoxGeometry, type BufferGeometry, CylinderGeometry, SphereGeometry, Vector3 } from 'three';
import { ConvexGeometry } from 'three/examples/jsm/geometries/ConvexGeometry.js';
import { mergeVertices, toCreasedNormals } from 'three/examples/jsm/utils/BufferGeometryUtils.js';
import type { Geometry } from '../../../envs/scene.js';

/** Edges of a hull that bend by less than this look round, radians. */
const CREASE_ANGLE = 0.6;
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
    case 'hull':
      return hull(geometry.vertices);
  }
}

function hull(vertices: readonly number[]): BufferGeometry {
  const points: Vector3[] = [];
  for (let i = 0; i < vertices.length; i += 3) {
    points.push(new Vector3(vertices[i], vertices[i + 1], vertices[i + 2]));
  }
  return mergeVertices(toCreasedNormals(new ConvexGeometry(points), CREASE_ANGLE));
}
