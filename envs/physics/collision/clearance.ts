import type { PosedShape } from './posed.js';

/** Distance that two shapes are sure to keep, from how far apart they were and how far each has moved since. */
export class Clearance {
  private distance = 0;
  /** Metres that both together had travelled when they were `distance` metres apart. */
  private travel = 0;
  /** [2, 12]: positions and rotations of both when they were `distance` metres apart. Most pairs never need them. */
  private places: Float64Array | null = null;

  /** Takes note that `a` and `b`, as they are now, are `distance` metres apart; 0 or less: it is not known. */
  note(a: PosedShape, b: PosedShape, distance: number): void {
    this.distance = distance;
    if (distance <= 0) return;
    this.travel = a.travel + b.travel;
    this.places ??= new Float64Array(24);
    this.places.set(a.position, 0);
    this.places.set(a.rotation, 3);
    this.places.set(b.position, 12);
    this.places.set(b.rotation, 15);
  }

  forget(): void {
    this.distance = 0;
  }

  /**
   * True if the two are surely still apart. Takes note of what is left of the distance, so that the ways of both are mostly
   * enough to tell.
   */
  isLeft(a: PosedShape, b: PosedShape): boolean {
    if (a.travel + b.travel - this.travel < this.distance) return true;
    const left = this.left(a, b);
    if (left <= 0) return false;
    this.note(a, b, left);
    return true;
  }

  /** The least distance now of the two; 0 if nothing is known. */
  left(a: PosedShape, b: PosedShape): number {
    const { places } = this;
    if (this.distance <= 0 || !places) return 0;
    const { position: p } = a;
    const { position: q } = b;
    const x = p[0] - q[0] - (places[0] - places[12]);
    const y = p[1] - q[1] - (places[1] - places[13]);
    const z = p[2] - q[2] - (places[2] - places[14]);
    const turned = a.radius * chord(a.rotation, places, 3) + b.radius * chord(b.rotation, places, 15);
    return this.distance - Math.sqrt(x * x + y * y + z * z) - turned;
  }
}

/** Distance between where two rotations, `r` and the one in `places` from `at`, take a point that is 1 m away, at most. */
function chord(r: Float64Array, places: Float64Array, at: number): number {
  let squared = 0;
  for (let k = 0; k < 9; k++) {
    const change = r[k] - places[at + k];
    squared += change * change;
  }
  return Math.sqrt(squared / 2);
}
