/** Samples of a pixel per axis. */
export const SAMPLES = 2;

/** Marks a sample that no triangle covers. */
export const NO_TRIANGLE = -1;

/** A rectangle of samples; the last column and row belong to it. */
export interface SampleRectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * The nearest triangle at every sample, and its nearness, a number that is larger in front and linear over a triangle
 * (1/w of a perspective, minus the depth of a parallel projection).
 */
export class DepthBuffer {
  /** [height, width] */
  readonly nearness: Float32Array;
  /** [height, width] */
  readonly triangles: Int32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.nearness = new Float32Array(width * height);
    this.triangles = new Int32Array(width * height);
  }

  clear(): void {
    this.nearness.fill(-Infinity);
    this.triangles.fill(NO_TRIANGLE);
  }

  /** Takes over the samples of a buffer of the same size. */
  copy(other: DepthBuffer): void {
    this.nearness.set(other.nearness);
    this.triangles.set(other.triangles);
  }

  clearRectangle({ left, top, right, bottom }: SampleRectangle): void {
    for (let y = top; y <= bottom; y++) {
      const row = y * this.width;
      this.nearness.fill(-Infinity, row + left, row + right + 1);
      this.triangles.fill(NO_TRIANGLE, row + left, row + right + 1);
    }
  }

  /**
   * Draws triangle `id` where it is nearer than what is here and than `limit`, a buffer of the same size (this one, if
   * nothing else can hide it). `points` holds x, y and nearness of the corners `a`, `b`, `c` (in samples, y down).
   * Only triangles whose corners run anticlockwise on screen are seen.
   */
  fill(id: number, points: Float64Array, a: number, b: number, c: number, limit: DepthBuffer): void {
    const { width, height, nearness, triangles } = this;
    const ax = points[3 * a];
    const ay = points[3 * a + 1];
    const bx = points[3 * b];
    const by = points[3 * b + 1];
    const cx = points[3 * c];
    const cy = points[3 * c + 1];
    const area = (cx - ax) * (by - ay) - (bx - ax) * (cy - ay);
    if (!(area > 0)) return;
    const left = Math.max(0, Math.min(ax, bx, cx));
    const right = Math.min(width, Math.max(ax, bx, cx));
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    if (left > right || top > bottom) return;

    // Barycentric coordinates as planes over the screen: weight = x·slopeX + y·slopeY + offset.
    const inverse = 1 / area;
    const bSlopeX = (ay - cy) * inverse;
    const bSlopeY = (cx - ax) * inverse;
    const bOffset = -(bSlopeX * ax + bSlopeY * ay);
    const cSlopeX = (by - ay) * inverse;
    const cSlopeY = (ax - bx) * inverse;
    const cOffset = -(cSlopeX * ax + cSlopeY * ay);
    const aSlopeX = -bSlopeX - cSlopeX;
    const aSlopeY = -bSlopeY - cSlopeY;
    const aOffset = 1 - bOffset - cOffset;
    const start = points[3 * a + 2];
    const toB = points[3 * b + 2] - start;
    const toC = points[3 * c + 2] - start;
    const slopeX = bSlopeX * toB + cSlopeX * toC;
    const slopeY = bSlopeY * toB + cSlopeY * toC;
    const offset = start + bOffset * toB + cOffset * toC;
    const limits = limit.nearness;

    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5;
      let low = left;
      let high = right;
      const atA = aSlopeY * y + aOffset;
      if (aSlopeX > 0) low = Math.max(low, -atA / aSlopeX);
      else if (aSlopeX < 0) high = Math.min(high, -atA / aSlopeX);
      else if (atA < 0) continue;
      const atB = bSlopeY * y + bOffset;
      if (bSlopeX > 0) low = Math.max(low, -atB / bSlopeX);
      else if (bSlopeX < 0) high = Math.min(high, -atB / bSlopeX);
      else if (atB < 0) continue;
      const atC = cSlopeY * y + cOffset;
      if (cSlopeX > 0) low = Math.max(low, -atC / cSlopeX);
      else if (cSlopeX < 0) high = Math.min(high, -atC / cSlopeX);
      else if (atC < 0) continue;

      const first = Math.ceil(low - 0.5);
      const end = row * width + Math.min(width, Math.ceil(high - 0.5));
      let near = slopeX * (first + 0.5) + slopeY * y + offset;
      for (let i = row * width + first; i < end; i++) {
        if (near > nearness[i] && near > limits[i]) {
          nearness[i] = near;
          triangles[i] = id;
        }
        near += slopeX;
      }
    }
  }
}
