/** Distances, metres, and turns, which are seen as 1. */
export const FAR = 0.1;
export const TURNED = 1;
/** Distances and turns at which something is nearly in place: their fine copies are seen as ½. */
export const NEAR = 0.01;
export const ALIGNED = 0.05;

/**
 * Writes where the thing at `thing` is in the frame at `frame`, along its axes: 3 numbers, and 3 fine ones. Both are places in
 * `o`, where positions, and the frame's quaternion wxyz after it, begin.
 */
export function writeWay(
  o: Float32Array,
  frame: number,
  thing: number,
  seen: Float32Array,
  to: number,
): void {
  const w = o[frame + 3];
  const x = o[frame + 4];
  const y = o[frame + 5];
  const z = o[frame + 6];
  const dx = o[thing] - o[frame];
  const dy = o[thing + 1] - o[frame + 1];
  const dz = o[thing + 2] - o[frame + 2];
  // d + w·c + c × v with c = 2·(d × v), for the frame's quaternion (w, v), turns d into the frame.
  const cx = 2 * (dy * z - dz * y);
  const cy = 2 * (dz * x - dx * z);
  const cz = 2 * (dx * y - dy * x);
  writePair(seen, to, 3, dx + w * cx + cy * z - cz * y, FAR, NEAR);
  writePair(seen, to + 1, 3, dy + w * cy + cz * x - cx * z, FAR, NEAR);
  writePair(seen, to + 2, 3, dz + w * cz + cx * y - cy * x, FAR, NEAR);
}

/** Writes twice the vector part of the turn from one pose to another, by the shorter way: 3 numbers, and 3 fine ones. */
export function writeTurn(
  o: Float32Array,
  frame: number,
  thing: number,
  seen: Float32Array,
  to: number,
): void {
  const [w, x, y, z] = relativeTurn(o, frame + 3, thing + 3);
  const double = w < 0 ? -2 : 2;
  writePair(seen, to, 3, double * x, TURNED, ALIGNED);
  writePair(seen, to + 1, 3, double * y, TURNED, ALIGNED);
  writePair(seen, to + 2, 3, double * z, TURNED, ALIGNED);
}

/**
 * Writes how a cube is turned in a frame by numbers that are the same after quarter turns of the cube about its axes. With the
 * cube's axes as the columns a of the matrix R: 4·Σₐ Rᵢₐ⁴ − 3, the cosine of four times the angle if it is turned about one axis
 * of the frame, for 3 axes i; and Σₐ Rᵢₐ³·Rⱼₐ, about a quarter of its sine, for 6 pairs of axes, and 6 fine ones.
 */
export function writeCubeTurn(
  o: Float32Array,
  frame: number,
  thing: number,
  seen: Float32Array,
  to: number,
): void {
  const [w, x, y, z] = relativeTurn(o, frame + 3, thing + 3);
  const rows = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
  let at = to + 3;
  for (let i = 0; i < 3; i++) {
    const [a, b, c] = rows[i];
    const [a3, b3, c3] = [a * a * a, b * b * b, c * c * c];
    seen[to + i] = 4 * (a3 * a + b3 * b + c3 * c) - 3;
    for (let j = 0; j < 3; j++) {
      if (j === i) continue;
      const [d, e, f] = rows[j];
      writePair(seen, at++, 6, a3 * d + b3 * e + c3 * f, TURNED / 4, ALIGNED);
    }
  }
}

/** The quaternion q* ⊗ p of those at `q` and `p`. */
function relativeTurn(o: Float32Array, q: number, p: number): [number, number, number, number] {
  const [qw, qx, qy, qz] = [o[q], o[q + 1], o[q + 2], o[q + 3]];
  const [pw, px, py, pz] = [o[p], o[p + 1], o[p + 2], o[p + 3]];
  return [
    qw * pw + qx * px + qy * py + qz * pz,
    qw * px - qx * pw - qy * pz + qz * py,
    qw * py - qy * pw - qz * px + qx * pz,
    qw * pz - qz * pw - qx * py + qy * px,
  ];
}

/** Writes a number in proportion, and its fine copy `apart` entries on. */
function writePair(
  seen: Float32Array,
  at: number,
  apart: number,
  value: number,
  typical: number,
  near: number,
): void {
  seen[at] = value / typical;
  seen[at + apart] = value / (near + Math.abs(value));
}
