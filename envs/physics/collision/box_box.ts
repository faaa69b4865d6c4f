import type { Manifold } from './manifold.js';
import type { PosedBox } from './posed.js';

/** Faces are clipped this much larger than they are, so that points on their edges count. */
const EDGE_TOLERANCE = 1.0001;
const PARALLEL = 1e-6;

/** The offset between the centres in each box's own axes, and the rotation from b's axes to a's. */
const offset = new Float64Array(6);
const rotation = new Float64Array(9);
const size = new Float64Array(9);
/** [4, 3]: the face that is clipped, in the axes of the face that clips: two along it, one outwards. */
const polygon = new Float64Array(12);
/** How far boxes that are apart are so at least. */
let gap = 0;
const inside = [false, false, false, false];
const near = [false, false, false, false];

/**
 * Finds the contact points of two boxes up to `reach` metres apart, and writes them to `manifold`.
 *
 * The axis of least overlap among the faces' normals says which face touches; the opposite face of the other box is
 * clipped by it. As in PhysX (pcmContactBoxBox), axes between edges only tell that boxes are apart. Returns `edges` where
 * they are near, but no face meets another: then their closest points have to be found in another way.
 */
export function touchBoxes(
  a: PosedBox,
  b: PosedBox,
  reach: number,
  manifold: Manifold,
): 'apart' | 'faces' | 'edges' {
  manifold.clear();
  const feature = closestFace(a, b, reach);
  if (feature < 0) {
    manifold.gap = gap;
    return 'apart';
  }
  const isFaceOfA = feature < 3;
  const axis = feature % 3;
  const [face, other] = isFaceOfA ? [a, b] : [b, a];
  // Direction of the face's normal, out of its box and towards the other.
  const outwards = (isFaceOfA ? offset[axis] : -offset[3 + axis]) > 0 ? 1 : -1;
  const normalSign = isFaceOfA ? -outwards : outwards;
  for (let i = 0; i < 3; i++) manifold.normal[i] = normalSign * face.rotation[3 * i + axis];
  const slope = writeOppositeFace(face, other, axis, outwards);
  clip(face, axis, outwards, slope, reach, isFaceOfA, manifold);
  manifold.reduce();
  return manifold.count > 0 ? 'faces' : 'edges';
}

/** The face's axis (0 to 2: of a, 3 to 5: of b) along which the boxes overlap least; −1 if they are apart. */
function closestFace(a: PosedBox, b: PosedBox, reach: number): number {
  const { rotation: ra, position: pa, halfSize: ha } = a;
  const { rotation: rb, position: pb, halfSize: hb } = b;
  const dx = pb[0] - pa[0];
  const dy = pb[1] - pa[1];
  const dz = pb[2] - pa[2];
  let least = Infinity;
  let feature = -1;
  for (let i = 0; i < 3; i++) {
    offset[i] = ra[i] * dx + ra[3 + i] * dy + ra[6 + i] * dz;
    let extent = ha[i];
    for (let k = 0; k < 3; k++) {
      const entry = ra[i] * rb[k] + ra[3 + i] * rb[3 + k] + ra[6 + i] * rb[6 + k];
      rotation[3 * i + k] = entry;
      size[3 * i + k] = Math.abs(entry) + PARALLEL;
      extent += size[3 * i + k] * hb[k];
    }
    const overlap = extent - Math.abs(offset[i]);
    if (overlap < -reach) return apart(-overlap);
    if (overlap < least) {
      least = overlap;
      feature = i;
    }
  }
  for (let k = 0; k < 3; k++) {
    offset[3 + k] = rb[k] * dx + rb[3 + k] * dy + rb[6 + k] * dz;
    const extent = hb[k] + size[k] * ha[0] + size[3 + k] * ha[1] + size[6 + k] * ha[2];
    const overlap = extent - Math.abs(offset[3 + k]);
    if (overlap < -reach) return apart(-overlap);
    if (overlap < least) {
      least = overlap;
      feature = 3 + k;
    }
  }
  return areEdgesApart(ha, hb, reach) ? apart(reach) : feature;
}

/** Takes note of how far boxes are apart at least, and returns −1. */
function apart(distance: number): number {
  gap = distance;
  return -1;
}

/** True if an axis across an edge of either box separates them by more than `reach`. */
function areEdgesApart(ha: ArrayLike<number>, hb: ArrayLike<number>, reach: number): boolean {
  for (let i = 0; i < 3; i++) {
    const i1 = (i + 1) % 3;
    const i2 = (i + 2) % 3;
    for (let k = 0; k < 3; k++) {
      const k1 = (k + 1) % 3;
      const k2 = (k + 2) % 3;
      const apart = Math.abs(offset[i2] * rotation[3 * i1 + k] - offset[i1] * rotation[3 * i2 + k]);
      const extent =
        ha[i1] * size[3 * i2 + k] +
        ha[i2] * size[3 * i1 + k] +
        hb[k1] * size[3 * i + k2] +
        hb[k2] * size[3 * i + k1];
      if (apart > extent + reach) return true;
    }
  }
  return false;
}

/**
 * Writes the face of `other` that looks most against the clipping face to `polygon`: coordinates along the clipping
 * face's two edges and outwards from it. Returns the steepness of its plane: outward change along both edges.
 */
function writeOppositeFace(
  face: PosedBox,
  other: PosedBox,
  axis: number,
  outwards: number,
): [number, number] {
  const { rotation: rf, position: pf, halfSize: hf } = face;
  const { rotation: ro, position: po, halfSize: ho } = other;
  const u = (axis + 1) % 3;
  const v = (axis + 2) % 3;
  const along = (column: number, k: number) =>
    rf[column] * ro[k] + rf[3 + column] * ro[3 + k] + rf[6 + column] * ro[6 + k];
  let opposite = 0;
  let largest = -1;
  for (let k = 0; k < 3; k++) {
    const facing = Math.abs(along(axis, k));
    if (facing > largest) {
      largest = facing;
      opposite = k;
    }
  }
  const sign = along(axis, opposite) * outwards > 0 ? -1 : 1;
  const k1 = Math.min((opposite + 1) % 3, (opposite + 2) % 3);
  const k2 = Math.max((opposite + 1) % 3, (opposite + 2) % 3);
  const dx = po[0] - pf[0];
  const dy = po[1] - pf[1];
  const dz = po[2] - pf[2];
  for (let row = 0; row < 3; row++) {
    const column = row === 0 ? u : row === 1 ? v : axis;
    const flip = row === 2 ? outwards : 1;
    const centre =
      rf[column] * dx +
      rf[3 + column] * dy +
      rf[6 + column] * dz +
      sign * ho[opposite] * along(column, opposite);
    const first = ho[k1] * along(column, k1);
    const second = ho[k2] * along(column, k2);
    const start = row === 2 ? -hf[axis] : 0;
    polygon[row] = start + flip * (centre + first + second);
    polygon[3 + row] = start + flip * (centre + first - second);
    polygon[6 + row] = start + flip * (centre - first - second);
    polygon[9 + row] = start + flip * (centre - first + second);
  }
  const steep = sign * outwards * along(axis, opposite);
  return [(-sign * along(u, opposite)) / steep, (-sign * along(v, opposite)) / steep];
}

/** Adds the points where the polygon lies over the face. */
function clip(
  face: PosedBox,
  axis: number,
  outwards: number,
  [slopeU, slopeV]: [number, number],
  reach: number,
  isFaceOfA: boolean,
  manifold: Manifold,
): void {
  const u = (axis + 1) % 3;
  const v = (axis + 2) % 3;
  const halfU = face.halfSize[u] * EDGE_TOLERANCE;
  const halfV = face.halfSize[v] * EDGE_TOLERANCE;
  const add = (x: number, y: number, separation: number) => {
    // Points lie on b: on the clipped face, if the clipping one is of a.
    const along = outwards * (face.halfSize[axis] + (isFaceOfA ? separation : 0));
    const { rotation: r, position: p } = face;
    manifold.add(
      p[0] + r[u] * x + r[v] * y + r[axis] * along,
      p[1] + r[3 + u] * x + r[3 + v] * y + r[3 + axis] * along,
      p[2] + r[6 + u] * x + r[6 + v] * y + r[6 + axis] * along,
      separation,
    );
  };
  for (let i = 0; i < 4; i++) {
    const x = polygon[3 * i];
    const y = polygon[3 * i + 1];
    near[i] = polygon[3 * i + 2] < reach;
    inside[i] = near[i] && Math.abs(x) <= halfU && Math.abs(y) <= halfV;
    if (inside[i]) add(x, y, polygon[3 * i + 2]);
  }
  if (manifold.count === 4) return;
  for (let corner = 0; corner < 4; corner++) {
    const x = corner < 2 ? halfU : -halfU;
    const y = corner % 2 === 0 ? halfV : -halfV;
    if (!isInPolygon(x, y)) continue;
    const separation = polygon[2] + slopeU * (x - polygon[0]) + slopeV * (y - polygon[1]);
    if (separation < reach) add(x, y, separation);
  }
  for (let i = 0, k = 3; i < 4; k = i++) {
    if ((!near[i] && !near[k]) || (inside[i] && inside[k])) continue;
    const x = polygon[3 * i];
    const y = polygon[3 * i + 1];
    const z = polygon[3 * i + 2];
    const dx = polygon[3 * k] - x;
    const dy = polygon[3 * k + 1] - y;
    const dz = polygon[3 * k + 2] - z;
    const span = [0, 1];
    if (!narrow(span, x, dx, -halfU, halfU)) continue;
    if (!narrow(span, y, dy, -halfV, halfV)) continue;
    if (!narrow(span, z, dz, -Infinity, reach)) continue;
    if (!inside[i]) add(x + span[0] * dx, y + span[0] * dy, z + span[0] * dz);
    if (!inside[k]) add(x + span[1] * dx, y + span[1] * dy, z + span[1] * dz);
  }
}

/** Narrows the share of a line that lies between two bounds. Returns false if none does. */
function narrow(span: number[], start: number, change: number, low: number, high: number): boolean {
  if (Math.abs(change) < PARALLEL) return start >= low && start <= high;
  const first = (low - start) / change;
  const second = (high - start) / change;
  span[0] = Math.max(span[0], Math.min(first, second));
  span[1] = Math.min(span[1], Math.max(first, second));
  return span[0] <= span[1];
}

function isInPolygon(x: number, y: number): boolean {
  let sign = 0;
  for (let i = 0, k = 3; i < 4; k = i++) {
    const ex = polygon[3 * i] - polygon[3 * k];
    const ey = polygon[3 * i + 1] - polygon[3 * k + 1];
    const side = ex * (y - polygon[3 * k + 1]) - ey * (x - polygon[3 * k]);
    if (side * sign < 0) return false;
    if (side !== 0) sign = side;
  }
  return sign !== 0;
}
