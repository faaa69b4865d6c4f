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
/** Outward change of the clipped face's plane along the two axes of the face that clips. */
const slope = new Float64Array(2);
/** The share of an edge that lies over the face: from and to. */
const span = new Float64Array(2);
/** [3]: bounds of the face along its edges, and of the distance from it. */
const low = new Float64Array(3).fill(-Infinity);
const high = new Float64Array(3);
/** [3]: a contact point along the face's two edges and outwards from it. */
const spot = new Float64Array(3);
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
  const feature = closestFace(a, b, reach, manifold);
  if (feature < 0) return 'apart';
  const isFaceOfA = feature < 3;
  const axis = feature % 3;
  const face = isFaceOfA ? a : b;
  const other = isFaceOfA ? b : a;
  // Direction of the face's normal, out of its box and towards the other.
  const outwards = (isFaceOfA ? offset[axis] : -offset[3 + axis]) > 0 ? 1 : -1;
  const normalSign = isFaceOfA ? -outwards : outwards;
  for (let i = 0; i < 3; i++) manifold.normal[i] = normalSign * face.rotation[3 * i + axis];
  writeOppositeFace(face, other, axis, outwards);
  clip(face, axis, outwards, reach, isFaceOfA, manifold);
  manifold.reduce();
  return manifold.count > 0 ? 'faces' : 'edges';
}

/**
 * The face's axis (0 to 2: of a, 3 to 5: of b) along which the boxes overlap least; −1 if they are apart, by how much at least
 * is written to `manifold`.
 */
function closestFace(a: PosedBox, b: PosedBox, reach: number, manifold: Manifold): number {
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
    if (overlap < -reach) {
      manifold.gap = -overlap;
      return -1;
    }
    if (overlap < least) {
      least = overlap;
      feature = i;
    }
  }
  for (let k = 0; k < 3; k++) {
    offset[3 + k] = rb[k] * dx + rb[3 + k] * dy + rb[6 + k] * dz;
    const extent = hb[k] + size[k] * ha[0] + size[3 + k] * ha[1] + size[6 + k] * ha[2];
    const overlap = extent - Math.abs(offset[3 + k]);
    if (overlap < -reach) {
      manifold.gap = -overlap;
      return -1;
    }
    if (overlap < least) {
      least = overlap;
      feature = 3 + k;
    }
  }
  if (!areEdgesApart(ha, hb, reach)) return feature;
  manifold.gap = reach;
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
 * face's two edges and outwards from it; and the steepness of its plane, the outward change along both edges, to `slope`.
 */
function writeOppositeFace(face: PosedBox, other: PosedBox, axis: number, outwards: number): void {
  const { rotation: rf, position: pf, halfSize: hf } = face;
  const { rotation: ro, position: po, halfSize: ho } = other;
  const u = (axis + 1) % 3;
  const v = (axis + 2) % 3;
  let opposite = 0;
  let largest = -1;
  for (let k = 0; k < 3; k++) {
    const facing = Math.abs(columnsDot(rf, axis, ro, k));
    if (facing > largest) {
      largest = facing;
      opposite = k;
    }
  }
  const out = columnsDot(rf, axis, ro, opposite);
  const sign = out * outwards > 0 ? -1 : 1;
  const k1 = opposite === 0 ? 1 : 0;
  const k2 = opposite === 2 ? 1 : 2;
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
      sign * ho[opposite] * columnsDot(rf, column, ro, opposite);
    const first = ho[k1] * columnsDot(rf, column, ro, k1);
    const second = ho[k2] * columnsDot(rf, column, ro, k2);
    const start = row === 2 ? -hf[axis] : 0;
    polygon[row] = start + flip * (centre + first + second);
    polygon[3 + row] = start + flip * (centre + first - second);
    polygon[6 + row] = start + flip * (centre - first - second);
    polygon[9 + row] = start + flip * (centre - first + second);
  }
  const steep = sign * outwards * out;
  slope[0] = (-sign * columnsDot(rf, u, ro, opposite)) / steep;
  slope[1] = (-sign * columnsDot(rf, v, ro, opposite)) / steep;
}

function columnsDot(a: Float64Array, i: number, b: Float64Array, k: number): number {
  return a[i] * b[k] + a[3 + i] * b[3 + k] + a[6 + i] * b[6 + k];
}

/** Adds the points where the polygon lies over the face. */
function clip(
  face: PosedBox,
  axis: number,
  outwards: number,
  reach: number,
  isFaceOfA: boolean,
  manifold: Manifold,
): void {
  const halfU = face.halfSize[axis === 2 ? 0 : axis + 1] * EDGE_TOLERANCE;
  const halfV = face.halfSize[axis === 0 ? 2 : axis - 1] * EDGE_TOLERANCE;
  for (let i = 0; i < 4; i++) {
    const x = polygon[3 * i];
    const y = polygon[3 * i + 1];
    near[i] = polygon[3 * i + 2] < reach;
    inside[i] = near[i] && Math.abs(x) <= halfU && Math.abs(y) <= halfV;
    if (!inside[i]) continue;
    for (let k = 0; k < 3; k++) spot[k] = polygon[3 * i + k];
    addSpot(face, axis, outwards, isFaceOfA, manifold);
  }
  if (manifold.count === 4) return;
  for (let corner = 0; corner < 4; corner++) {
    const x = corner < 2 ? halfU : -halfU;
    const y = corner % 2 === 0 ? halfV : -halfV;
    if (!isInPolygon(x, y)) continue;
    const separation = polygon[2] + slope[0] * (x - polygon[0]) + slope[1] * (y - polygon[1]);
    if (separation >= reach) continue;
    spot[0] = x;
    spot[1] = y;
    spot[2] = separation;
    addSpot(face, axis, outwards, isFaceOfA, manifold);
  }
  low[0] = -halfU;
  high[0] = halfU;
  low[1] = -halfV;
  high[1] = halfV;
  high[2] = reach;
  for (let i = 0, k = 3; i < 4; k = i++) {
    if ((!near[i] && !near[k]) || (inside[i] && inside[k])) continue;
    if (!isEdgeOver(i, k)) continue;
    for (let end = 0; end < 2; end++) {
      if (inside[end === 0 ? i : k]) continue;
      const t = span[end];
      for (let part = 0; part < 3; part++)
        spot[part] = polygon[3 * i + part] + t * (polygon[3 * k + part] - polygon[3 * i + part]);
      addSpot(face, axis, outwards, isFaceOfA, manifold);
    }
  }
}

/** Adds the point in `spot`. It lies on b: not on the face, if that is of a. */
function addSpot(
  { rotation: r, position: p, halfSize }: PosedBox,
  axis: number,
  outwards: number,
  isFaceOfA: boolean,
  manifold: Manifold,
): void {
  const u = axis === 2 ? 0 : axis + 1;
  const v = axis === 0 ? 2 : axis - 1;
  const x = spot[0];
  const y = spot[1];
  const separation = spot[2];
  const along = outwards * (halfSize[axis] + (isFaceOfA ? separation : 0));
  manifold.add(
    p[0] + r[u] * x + r[v] * y + r[axis] * along,
    p[1] + r[3 + u] * x + r[3 + v] * y + r[3 + axis] * along,
    p[2] + r[6 + u] * x + r[6 + v] * y + r[6 + axis] * along,
    separation,
  );
}

/** Writes the share of the edge from corner `i` to `k` that lies over the face to `span`. Returns false if none does. */
function isEdgeOver(i: number, k: number): boolean {
  span[0] = 0;
  span[1] = 1;
  for (let part = 0; part < 3; part++) {
    const start = polygon[3 * i + part];
    const change = polygon[3 * k + part] - start;
    if (Math.abs(change) < PARALLEL) {
      if (start < low[part] || start > high[part]) return false;
      continue;
    }
    const first = (low[part] - start) / change;
    const second = (high[part] - start) / change;
    span[0] = Math.max(span[0], Math.min(first, second));
    span[1] = Math.min(span[1], Math.max(first, second));
    if (span[0] > span[1]) return false;
  }
  return true;
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
