/** The most contact points between two shapes, as in PhysX. */
export const MAX_POINTS = 4;
/** Room for the points of two clipped faces before four are chosen. */
const CAPACITY = 16;
/** Points that are further apart than this don't count as touching when four are chosen (PhysX: 2 % of its typical length, which SAPIEN sets to 0.1 m). */
const NEAR = 0.002;

/** Room for the points that are chosen: their indices, and places with separations. */
const chosen = new Int32Array(MAX_POINTS);
const kept = new Float64Array(4 * MAX_POINTS);

/** The contact points between two shapes, a and b. */
export class Manifold {
  count = 0;
  /** Metres that the shapes are apart at least, where there are no points. */
  gap = 0;
  /** [3]: the world direction in which `a` is pushed away from `b`. */
  readonly normal = new Float64Array(3);
  /** [count, 3]: world points, on the surface of `b`. */
  readonly points = new Float64Array(3 * CAPACITY);
  /** [count]: distance of the surfaces along the normal, metres; negative: depth. */
  readonly separations = new Float64Array(CAPACITY);

  clear(): void {
    this.count = 0;
    this.gap = 0;
  }

  add(x: number, y: number, z: number, separation: number): void {
    if (this.count === CAPACITY) return;
    const at = 3 * this.count;
    this.points[at] = x;
    this.points[at + 1] = y;
    this.points[at + 2] = z;
    this.separations[this.count++] = separation;
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
    if (this.count <= MAX_POINTS) return;
    const { separations } = this;
    const left = Array.from({ length: this.count }, (_, i) => i);
    const take = (slot: number, index: number) => {
      chosen[slot] = left[index];
      left[index] = left[left.length - 1];
      left.pop();
    };
    take(
      0,
      best(left, (i) => -separations[i]),
    );
    take(
      1,
      best(left, (i) => this.squaredDistance(i, chosen[0])),
    );
    const side = this.sideways(chosen[0], chosen[1]);
    take(2, best(left, side));
    const furthest = side(chosen[2]);
    const opposite = best(left, (i) => -side(left.length > 0 ? i : 0));
    take(3, side(left[opposite]) * furthest > 0 ? best(left, side) : opposite);
    this.preferTouching(left);
    this.keepChosen();
  }

  private preferTouching(left: number[]): void {
    const { separations } = this;
    for (let slot = 0; slot < MAX_POINTS; slot++) {
      if (separations[chosen[slot]] <= NEAR || left.length === 0) continue;
      const deepest = best(left, (i) => -separations[i]);
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

  private squaredDistance(i: number, k: number): number {
    const { points: p } = this;
    return (
      (p[3 * i] - p[3 * k]) ** 2 + (p[3 * i + 1] - p[3 * k + 1]) ** 2 + (p[3 * i + 2] - p[3 * k + 2]) ** 2
    );
  }

  /** The distance of a point to the side of the line from point `from` to point `to`, along the surface. */
  private sideways(from: number, to: number): (i: number) => number {
    const { points: p, normal: n } = this;
    const x = p[3 * to] - p[3 * from];
    const y = p[3 * to + 1] - p[3 * from + 1];
    const z = p[3 * to + 2] - p[3 * from + 2];
    const sx = y * n[2] - z * n[1];
    const sy = z * n[0] - x * n[2];
    const sz = x * n[1] - y * n[0];
    return (i) =>
      sx * (p[3 * i] - p[3 * from]) +
      sy * (p[3 * i + 1] - p[3 * from + 1]) +
      sz * (p[3 * i + 2] - p[3 * from + 2]);
  }
}

/** The index in `items` of the one with the largest value, the first of equals. */
function best(items: readonly number[], value: (item: number) => number): number {
  let found = 0;
  for (let i = 1; i < items.length; i++) if (value(items[i]) > value(items[found])) found = i;
  return found;
}
