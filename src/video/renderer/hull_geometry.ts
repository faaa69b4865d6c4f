import { BufferAttribute, BufferGeometry, Vector3 } from 'three';
import { ConvexHull } from 'three/examples/jsm/math/ConvexHull.js';

/** Faces that meet at less than this angle look like one round surface, radians. */
const CREASE_ANGLE = 0.7;

/** A corner of a face: its point, and the face's normal weighted by the angle that the face has there. */
interface Corner {
  point: Vector3;
  faceNormal: Vector3;
  weight: number;
}

/**
 * The surface of the convex hull of `vertices` [n, 3]. The normal at a corner is the mean of the faces around it that
 * bend by less than the crease angle against the corner's own, weighted by their angles there: round parts look smooth
 * however they are cut into triangles, and edges stay sharp.
 */
export function hullGeometry(vertices: readonly number[]): BufferGeometry {
  const points: Vector3[] = [];
  for (let i = 0; i < vertices.length; i += 3) {
    points.push(new Vector3(vertices[i], vertices[i + 1], vertices[i + 2]));
  }
  const corners = hullCorners(points);
  const around = new Map<Vector3, Corner[]>();
  for (const corner of corners) {
    const others = around.get(corner.point);
    if (others) others.push(corner);
    else around.set(corner.point, [corner]);
  }
  const positions = new Float32Array(3 * corners.length);
  const normals = new Float32Array(3 * corners.length);
  for (const [i, corner] of corners.entries()) {
    corner.point.toArray(positions, 3 * i);
    smoothNormal(corner, around.get(corner.point)!).toArray(normals, 3 * i);
  }
  return new BufferGeometry()
    .setAttribute('position', new BufferAttribute(positions, 3))
    .setAttribute('normal', new BufferAttribute(normals, 3));
}

/** Three corners for every triangle of the hull, anticlockwise seen from outside. */
function hullCorners(points: Vector3[]): Corner[] {
  const toNext = new Vector3();
  const toLast = new Vector3();
  return new ConvexHull().setFromPoints(points).faces.flatMap((face) =>
    [0, 1, 2].map((i) => {
      const { point } = face.getEdge(i).head();
      toNext.subVectors(face.getEdge(i + 1).head().point, point);
      toLast.subVectors(face.getEdge(i + 2).head().point, point);
      return { point, faceNormal: face.normal, weight: toNext.angleTo(toLast) };
    }),
  );
}

function smoothNormal({ faceNormal }: Corner, around: readonly Corner[]): Vector3 {
  const sum = new Vector3();
  for (const other of around) {
    if (other.faceNormal.dot(faceNormal) > Math.cos(CREASE_ANGLE)) {
      sum.addScaledVector(other.faceNormal, other.weight);
    }
  }
  return sum.normalize();
}
