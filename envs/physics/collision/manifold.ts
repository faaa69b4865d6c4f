/** The most contact points between two shapes, as in PhysX. */
export const MAX_POINTS = 4;
/** Numbers that {@link Manifold.writeAll} writes. */
export const MANIFOLD_NUMBERS = 4 + 4 * MAX_POINTS;
/** Room for the points of two clipped faces before four are chosen. */
const CAPACITY = 16;
/** Points that are further apart than this don't count as touching when four are chosen (PhysX: 2 % of its typical length, which SAPIEN sets to 0.1 m). */
const NEAR = 0.002;

/** Points that may still be chosen, and what each counts at the moment, by its index. */
const left = new Int32Array(CAPACITY);
let leftCount = 0;
const values = new Float64Array(CAPACITY);
/** Room for the points that are chosen: their indices, and places with separations. */
const chosen = new Int32Array(MAX_POINTS);
const kept = new Float64Array(4 * MAX_POINTS);

const NONE = new Float64Array();

/** The contact points between two shapes, a and b. */
export class Manifold {
  count = 0;
  /** Metres that the shapes are apart at least, where there are no points. */
  gap = 0;
  /** [3]: the world direction in which `a` is pushed away from `b`. */
  readonly normal = new Float64Array(3);
  /** [count, 3]: world points, on the surface of `b`. */
  points = NONE;
  /** [count]: distance of the surfaces along the normal, metres; negative: depth. */
  separations = NONE;

  clear(): void {
    this.count = 0;
    this.gap = 0;
  }

  add(x: number, y: number, z: number, separation: number): void {
    if (this.count === CAPACITY) return;
    if (this.points === NONE) this.makeRoom();
    const at = 3 * this.count;
    this.points[at] = x;
    this.points[at + 1] = y;
    this.points[at + 2] = z;
    this.separations[this.count++] = separation;
  }

  /** Most shapes never come near each other, and need no points. */
  private makeRoom(): void {
    this.points = new Float64Array(3 * CAPACITY);
    this.separations = new Float64Array(CAPACITY);
  }

  /** Writes all its numbers to `out` from `at`. Returns the place after them. */
  writeAll(out: Float64Array, at: number): number {
    const { count, normal, points, separations } = this;
    out[at] = count;
    out.set(normal, at + 1);
    for (let i = 0; i < 3 * MAX_POINTS; i++) out[at + 4 + i] = i < 3 * count ? points[i] : 0;
    for (let i = 0; i < MAX_POINTS; i++) out[at + 4 + 3 * MAX_POINTS + i] = i < count ? separations[i] : 0;
    return at + MANIFOLD_NUMBERS;
  }

  /** The smallest separation; infinite without points. */
  get depth(): number {
    let smallest = Infinity;
    for (let i = 0; i < this.count; i++) smallest = Math.min(smallest, this.separations[i]);
    return smallest;
  }

  /**
   * Leaves at most four points that span the others: the deepest, the one furthest from it, and the furthest ones to
   * either side of the line between these. Points that don't touch give way to ones that do (PhysX's
   * PersistentContactManifold::reduceBatchContacts).
   */
  reduce(): void {
    const { count, separations } = this;
    if (count <= MAX_POINTS) return;
    for (let i = 0; i < count; i++) {
      left[i] = i;
      values[i] = -separations[i];
    }
    leftCount = count;
    take(0, best(1));
    this.valueDistances(chosen[0]);
    take(1, best(1));
    this.valueSides(chosen[0], chosen[1]);
    take(2, best(1));
    const furthest = values[chosen[2]];
    const opposite = best(-1);
    take(3, values[left[opposite]] * furthest > 0 ? best(1) : opposite);
    this.preferTouching();
    this.keepChosen();
  }

  private preferTouching(): void {
    const { separations, count } = this;
    for (let i = 0; i < count; i++) values[i] = -separations[i];
    for (let slot = 0; slot < MAX_POINTS; slot++) {
      if (separations[chosen[slot]] <= NEAR || leftCount === 0) continue;
      const deepest = best(1);
      if (separations[left[deepest]] >= NEAR) continue;
      const replaced = chosen[slot];
      chosen[slot] = left[deepest];
      left[deepest] = replaced;
    }
  }

  private keepChosen(): void {
    const { points, separations } = this;
    for (let slot = 0; slot < MAX_POINTS; slot++) {
      const from = chosen[slot];
      for (let axis = 0; axis < 3; axis++) kept[4 * slot + axis] = points[3 * from + axis];
      kept[4 * slot + 3] = separations[from];
    }
    this.count = 0;
    for (let at = 0; at < kept.length; at += 4) this.add(kept[at], kept[at + 1], kept[at + 2], kept[at + 3]);
  }

  /** Values points by their squared distance from point `k`. */
  private valueDistances(k: number): void {
    const { points: p, count } = this;
    for (let i = 0; i < count; i++) {
      values[i] =
        (p[3 * i] - p[3 * k]) ** 2 + (p[3 * i + 1] - p[3 * k + 1]) ** 2 + (p[3 * i + 2] - p[3 * k + 2]) ** 2;
    }
  }

  /** Values points by their distance to the side of the line from point `from` to point `to`, along the surface. */
  private valueSides(from: number, to: number): void {
    const { points: p, normal: n, count } = this;
    const x = p[3 * to] - p[3 * from];
    const y = p[3 * to + 1] - p[3 * from + 1];
    const z = p[3 * to + 2] - p[3 * from + 2];
    const sx = y * n[2] - z * n[1];
    const sy = z * n[0] - x * n[2];
    const sz = x * n[1] - y * n[0];
    for (let i = 0; i < count; i++) {
      values[i] =
        sx * (p[3 * i] - p[3 * from]) +
        sy * (p[3 * i + 1] - p[3 * from + 1]) +
        sz * (p[3 * i + 2] - p[3 * from + 2]);
    }
  }
}

/** Chooses the point at `place` among those that are left, in whose place the last one moves. */
function take(slot: number, place: number): void {
  chosen[slot] = left[place];
  left[place] = left[--leftCount];
}

/** The place, among the points that are left, of the one with the largest value times `sign`, the first of equals. */
function best(sign: 1 | -1): number {
  let found = 0;
  for (let i = 1; i < leftCount; i++) if (sign * values[left[i]] > sign * values[left[found]]) found = i;
  return found;
}
