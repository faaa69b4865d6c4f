import { INDEX, ROW, type Rows, WIDTH } from './rows.js';
import { SHIFT } from './sweep_numbers.js';
import { H } from './timing.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const STEP = H;
const SIDE = WIDTH;
const STRIDE = ROW;
const BITS = INDEX;
/** Contacts with fewer points are as quickly looked at point by point. */
const MIN_POINTS = 3;
/** Metres by which rounding surely changes no distance. */
const ROUNDING = 1e-9;
/** Most contacts never come near enough. */
const NONE = new Float64Array();

/**
 * The least distance of the points of a contact that hasn't been pushed, for all points at once. Their rows differ little, so
 * what the velocities add to each lies in a narrow interval.
 */
export class Slack {
  /** Smallest distance of a point, metres; negative if the points can't be looked at together. */
  private least = -1;
  /** [2, 9]: middle of the rows' entries, and how far they lie from it at most. */
  private middle = NONE;
  private spread = NONE;

  /** Takes note of the rows from `first` on, one for each of the points. */
  note({ jacobian, errors }: Rows, first: number, points: number): void {
    if (this.middle === NONE) {
      this.middle = new Float64Array(STRIDE);
      this.spread = new Float64Array(STRIDE);
    }
    const { middle, spread } = this;
    this.least = points < MIN_POINTS ? -1 : errors[first];
    for (let row = first + 1; row < first + points; row++) this.least = Math.min(this.least, errors[row]);
    if (this.least <= 0) return;
    for (let k = 0; k < STRIDE; k++) {
      let low = jacobian[STRIDE * first + k];
      let high = low;
      for (let row = first + 1; row < first + points; row++) {
        const entry = jacobian[STRIDE * row + k];
        if (entry < low) low = entry;
        else if (entry > high) high = entry;
      }
      middle[k] = (low + high) / 2;
      spread[k] = (high - low) / 2;
    }
  }

  /**
   * True if all points surely stay apart in an iteration with the displacements `d` and velocities `v`, `numbers` as in
   * {@link sweepContact}. False says nothing.
   */
  isLeft({ spans }: Rows, first: number, numbers: Float64Array, v: Float64Array, d: Float64Array): boolean {
    if (this.least <= 0) return false;
    const { middle, spread } = this;
    const f = spans[4 * first] & BITS;
    const size = spans[4 * first + 1];
    const g = spans[4 * first + 2] & BITS;
    const otherSize = spans[4 * first + 3];
    let distance = this.least + numbers[SHIFT] - ROUNDING;
    for (let k = 0; k < size; k++) {
      const way = d[f + k] + STEP * v[f + k];
      distance += middle[k] * way - spread[k] * Math.abs(way);
    }
    for (let k = 0; k < otherSize; k++) {
      const way = d[g + k] + STEP * v[g + k];
      distance += middle[SIDE + k] * way - spread[SIDE + k] * Math.abs(way);
    }
    return distance > 0;
  }
}

/** True if a sweep would push none of the points of a contact that hasn't been pushed yet. */
export function staysApart(
  rows: Rows,
  first: number,
  points: number,
  numbers: Float64Array,
  v: Float64Array,
  d: Float64Array,
  isLast: boolean,
): boolean {
  const { jacobian: j, spans, errors, corrections } = rows;
  const f = spans[4 * first] & BITS;
  const isWide = spans[4 * first + 1] === SIDE;
  const g = spans[4 * first + 2] & BITS;
  const hasOther = spans[4 * first + 3] > 0;
  for (let row = first; row < first + points; row++) {
    const at = (STRIDE * row) & BITS;
    const error = errors[row] + numbers[SHIFT];
    const w = isLast && error + rows.along(row, d) < 0 ? 0 : corrections[row];
    let speed = j[at] * (v[f] + w * d[f]);
    speed += j[at + 1] * (v[f + 1] + w * d[f + 1]);
    speed += j[at + 2] * (v[f + 2] + w * d[f + 2]);
    speed += j[at + 3] * (v[f + 3] + w * d[f + 3]);
    speed += j[at + 4] * (v[f + 4] + w * d[f + 4]);
    speed += j[at + 5] * (v[f + 5] + w * d[f + 5]);
    if (isWide) {
      speed += j[at + 6] * (v[f + 6] + w * d[f + 6]);
      speed += j[at + 7] * (v[f + 7] + w * d[f + 7]);
      speed += j[at + 8] * (v[f + 8] + w * d[f + 8]);
    }
    if (hasOther) {
      speed += j[at + 9] * (v[g] + w * d[g]);
      speed += j[at + 10] * (v[g + 1] + w * d[g + 1]);
      speed += j[at + 11] * (v[g + 2] + w * d[g + 2]);
      speed += j[at + 12] * (v[g + 3] + w * d[g + 3]);
      speed += j[at + 13] * (v[g + 4] + w * d[g + 4]);
      speed += j[at + 14] * (v[g + 5] + w * d[g + 5]);
    }
    if (speed + w * error < 0) return false;
  }
  return true;
}
