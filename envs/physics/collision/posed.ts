import { reachOf } from '../../bodies/geometry.js';
import { type Geometry, IDENTITY_POSE } from '../../scene.js';

/** A frame that shapes are fixed to: position [3] and rotation matrix [3, 3], row by row, world frame. */
export interface Frame {
  readonly position: Float64Array;
  readonly rotation: Float64Array;
}

/** A box where it is in the world. */
export interface PosedBox extends Frame {
  readonly halfSize: readonly number[];
}

/** A geometry that moves with a frame. */
export class PosedShape implements Frame {
  readonly position = new Float64Array(3);
  readonly rotation = new Float64Array(9);
  /** Radius of the ball about its position that holds it, metres. */
  readonly radius: number;
  /** [n, 4]: its outermost points in its own frame, and the radius of the ball about each. */
  readonly corners: Float64Array;
  /** The shape as a box; null if it isn't one. */
  readonly box: PosedBox | null;
  /** Sum of the ways, metres, of its point that moved furthest in each update. */
  travel = 0;
  /** [3]: the box along its axes that holds it, in its own frame. */
  private readonly low = new Float64Array(3).fill(Infinity);
  private readonly high = new Float64Array(3).fill(-Infinity);
  private readonly place: Float64Array;
  private readonly turn = new Float64Array(9);

  /** @param pose position 3 and quaternion wxyz 4 in `frame`. */
  constructor(
    readonly geometry: Geometry,
    readonly frame: Frame,
    pose: readonly number[],
  ) {
    this.place = Float64Array.from(pose.slice(0, 3));
    writeRotation(this.turn, pose, 3);
    this.corners = Float64Array.from(reachOf(geometry, IDENTITY_POSE));
    this.radius = radiusOf(this.corners);
    for (let i = 0; i < this.corners.length; i += 4) {
      for (let k = 0; k < 3; k++) {
        this.low[k] = Math.min(this.low[k], this.corners[i + k] - this.corners[i + 3]);
        this.high[k] = Math.max(this.high[k], this.corners[i + k] + this.corners[i + 3]);
      }
    }
    this.box =
      geometry.kind === 'box'
        ? { position: this.position, rotation: this.rotation, halfSize: geometry.halfSize }
        : null;
    this.update();
  }

  /** Moves it to where its frame is. */
  update(): void {
    const { position: p, rotation: r } = this.frame;
    const { position, rotation, place, turn } = this;
    let way = 0;
    let turned = 0;
    for (let i = 0; i < 3; i++) {
      const row = 3 * i;
      const x = r[row];
      const y = r[row + 1];
      const z = r[row + 2];
      const next = p[i] + x * place[0] + y * place[1] + z * place[2];
      const first = x * turn[0] + y * turn[3] + z * turn[6];
      const second = x * turn[1] + y * turn[4] + z * turn[7];
      const third = x * turn[2] + y * turn[5] + z * turn[8];
      way += (next - position[i]) ** 2;
      turned +=
        (first - rotation[row]) ** 2 + (second - rotation[row + 1]) ** 2 + (third - rotation[row + 2]) ** 2;
      position[i] = next;
      rotation[row] = first;
      rotation[row + 1] = second;
      rotation[row + 2] = third;
    }
    this.travel += Math.sqrt(way) + this.radius * Math.sqrt(turned / 2);
  }

  /** Height of the lowest corner of the box along its axes that holds it, metres. */
  get bottom(): number {
    const { rotation: r, low, high } = this;
    let bottom = this.position[2];
    for (let k = 0; k < 3; k++) bottom += Math.min(r[6 + k] * low[k], r[6 + k] * high[k]);
    return bottom;
  }

  /** Writes its rotation as a quaternion wxyz to `out` [4]. */
  writeQuaternion(out: Float64Array): void {
    writeQuaternion(this.rotation, out);
  }
}

/** Writes the quaternion wxyz of the rotation matrix `m` [3, 3], row by row. */
function writeQuaternion(m: Float64Array, out: Float64Array): void {
  const xx = m[0];
  const yy = m[4];
  const zz = m[8];
  const wx = m[7] - m[5];
  const wy = m[2] - m[6];
  const wz = m[3] - m[1];
  const xy = m[1] + m[3];
  const xz = m[2] + m[6];
  const yz = m[5] + m[7];
  // Four times the quaternion times one of its entries; one that is at least 1/2 keeps the precision.
  if (xx + yy + zz >= 0) writeUnit(out, 1 + xx + yy + zz, wx, wy, wz);
  else if (xx >= yy && xx >= zz) writeUnit(out, wx, 1 + xx - yy - zz, xy, xz);
  else if (yy >= zz) writeUnit(out, wy, xy, 1 - xx + yy - zz, yz);
  else writeUnit(out, wz, xz, yz, 1 - xx - yy + zz);
}

function writeUnit(out: Float64Array, w: number, x: number, y: number, z: number): void {
  const scale = 1 / Math.sqrt(w * w + x * x + y * y + z * z);
  out[0] = scale * w;
  out[1] = scale * x;
  out[2] = scale * y;
  out[3] = scale * z;
}

/** Writes the rotation matrix [3, 3], row by row, of the quaternion wxyz in `values` from `at`. */
export function writeRotation(out: Float64Array, values: ArrayLike<number>, at: number): void {
  const w = values[at];
  const x = values[at + 1];
  const y = values[at + 2];
  const z = values[at + 3];
  out[0] = 1 - 2 * (y * y + z * z);
  out[1] = 2 * (x * y - w * z);
  out[2] = 2 * (x * z + w * y);
  out[3] = 2 * (x * y + w * z);
  out[4] = 1 - 2 * (x * x + z * z);
  out[5] = 2 * (y * z - w * x);
  out[6] = 2 * (x * z - w * y);
  out[7] = 2 * (y * z + w * x);
  out[8] = 1 - 2 * (x * x + y * y);
}

function radiusOf(corners: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < corners.length; i += 4) {
    largest = Math.max(largest, Math.hypot(corners[i], corners[i + 1], corners[i + 2]) + corners[i + 3]);
  }
  return largest;
}
