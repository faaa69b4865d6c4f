import { INDEX, ROW, type Rows, WIDTH } from './rows.js';
import { HOLD, LEAST, PRESSING, SHIFT, SLIPS } from './sweep_numbers.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const STRIDE = ROW;
const WIDE = WIDTH;
const BITS = INDEX;
const AT_SHIFT = SHIFT;
const AT_HOLD = HOLD;
const AT_LEAST = LEAST;
const AT_PRESSING = PRESSING;
const AT_SLIPS = SLIPS;

/**
 * One sweep over the rows of a contact: those of its points from `first` on, which are pushed apart, then two for each
 * anchor from `firstFriction` on, whose slip is stopped and partly taken back as far as the pressing allows. `isIdle`: no anchor has an impulse, and
 * slipping doesn't matter. Returns true if an anchor slips.
 *
 * Most of a physics step is spent here. A side has six velocities, or nine; written out and held in variables, without
 * loops, calls and checked accesses to arrays, they take a third of the time.
 */
export function sweepContact(
  rows: Rows,
  first: number,
  points: number,
  firstFriction: number,
  anchors: number,
  numbers: Float64Array,
  v: Float64Array,
  d: Float64Array,
  isLast: boolean,
  isIdle: boolean,
): boolean {
  const { jacobian: j, response: r, spans, masses, errors, corrections, impulses } = rows;
  const f = spans[4 * first] & BITS;
  const isWide = spans[4 * first + 1] === WIDE;
  const g = spans[4 * first + 2] & BITS;
  const hasOther = spans[4 * first + 3] > 0;
  let v0 = v[f];
  let v1 = v[f + 1];
  let v2 = v[f + 2];
  let v3 = v[f + 3];
  let v4 = v[f + 4];
  let v5 = v[f + 5];
  const d0 = d[f];
  const d1 = d[f + 1];
  const d2 = d[f + 2];
  const d3 = d[f + 3];
  const d4 = d[f + 4];
  const d5 = d[f + 5];
  let v6 = isWide ? v[f + 6] : 0;
  let v7 = isWide ? v[f + 7] : 0;
  let v8 = isWide ? v[f + 8] : 0;
  const d6 = isWide ? d[f + 6] : 0;
  const d7 = isWide ? d[f + 7] : 0;
  const d8 = isWide ? d[f + 8] : 0;
  let u0 = hasOther ? v[g] : 0;
  let u1 = hasOther ? v[g + 1] : 0;
  let u2 = hasOther ? v[g + 2] : 0;
  let u3 = hasOther ? v[g + 3] : 0;
  let u4 = hasOther ? v[g + 4] : 0;
  let u5 = hasOther ? v[g + 5] : 0;
  const e0 = hasOther ? d[g] : 0;
  const e1 = hasOther ? d[g + 1] : 0;
  const e2 = hasOther ? d[g + 2] : 0;
  const e3 = hasOther ? d[g + 3] : 0;
  const e4 = hasOther ? d[g + 4] : 0;
  const e5 = hasOther ? d[g + 5] : 0;

  let pressing = 0;
  for (let row = first; row < first + points; row++) {
    const at = (STRIDE * row) & BITS;
    const error = errors[row] + numbers[AT_SHIFT];
    const w = isLast && error + rows.along(row, d) < 0 ? 0 : corrections[row];
    let speed = j[at] * (v0 + w * d0);
    speed += j[at + 1] * (v1 + w * d1);
    speed += j[at + 2] * (v2 + w * d2);
    speed += j[at + 3] * (v3 + w * d3);
    speed += j[at + 4] * (v4 + w * d4);
    speed += j[at + 5] * (v5 + w * d5);
    if (isWide) {
      speed += j[at + 6] * (v6 + w * d6);
      speed += j[at + 7] * (v7 + w * d7);
      speed += j[at + 8] * (v8 + w * d8);
    }
    if (hasOther) {
      speed += j[at + 9] * (u0 + w * e0);
      speed += j[at + 10] * (u1 + w * e1);
      speed += j[at + 11] * (u2 + w * e2);
      speed += j[at + 12] * (u3 + w * e3);
      speed += j[at + 13] * (u4 + w * e4);
      speed += j[at + 14] * (u5 + w * e5);
    }
    const before = impulses[row];
    const total = Math.max(0, before - (speed + w * error) * masses[row]);
    pressing += total;
    if (total === before) continue;
    impulses[row] = total;
    const change = total - before;
    v0 += r[at] * change;
    v1 += r[at + 1] * change;
    v2 += r[at + 2] * change;
    v3 += r[at + 3] * change;
    v4 += r[at + 4] * change;
    v5 += r[at + 5] * change;
    if (isWide) {
      v6 += r[at + 6] * change;
      v7 += r[at + 7] * change;
      v8 += r[at + 8] * change;
    }
    if (hasOther) {
      u0 += r[at + 9] * change;
      u1 += r[at + 10] * change;
      u2 += r[at + 11] * change;
      u3 += r[at + 12] * change;
      u4 += r[at + 13] * change;
      u5 += r[at + 14] * change;
    }
  }
  numbers[AT_PRESSING] = pressing;

  const limit = numbers[AT_HOLD] * Math.max(pressing, numbers[AT_LEAST]);
  let hasSlipped = false;
  const held = limit === 0 && isIdle ? 0 : anchors;
  for (let anchor = 0; anchor < held; anchor++) {
    const row = firstFriction + 2 * anchor;
    const at = (STRIDE * row) & BITS;
    const to = (at + STRIDE) & BITS;
    const w = corrections[row];
    let along = 0;
    let across = 0;
    let x = 0;
    x = v0 + w * d0;
    along += j[at] * x;
    across += j[to] * x;
    x = v1 + w * d1;
    along += j[at + 1] * x;
    across += j[to + 1] * x;
    x = v2 + w * d2;
    along += j[at + 2] * x;
    across += j[to + 2] * x;
    x = v3 + w * d3;
    along += j[at + 3] * x;
    across += j[to + 3] * x;
    x = v4 + w * d4;
    along += j[at + 4] * x;
    across += j[to + 4] * x;
    x = v5 + w * d5;
    along += j[at + 5] * x;
    across += j[to + 5] * x;
    if (isWide) {
      x = v6 + w * d6;
      along += j[at + 6] * x;
      across += j[to + 6] * x;
      x = v7 + w * d7;
      along += j[at + 7] * x;
      across += j[to + 7] * x;
      x = v8 + w * d8;
      along += j[at + 8] * x;
      across += j[to + 8] * x;
    }
    if (hasOther) {
      x = u0 + w * e0;
      along += j[at + 9] * x;
      across += j[to + 9] * x;
      x = u1 + w * e1;
      along += j[at + 10] * x;
      across += j[to + 10] * x;
      x = u2 + w * e2;
      along += j[at + 11] * x;
      across += j[to + 11] * x;
      x = u3 + w * e3;
      along += j[at + 12] * x;
      across += j[to + 12] * x;
      x = u4 + w * e4;
      along += j[at + 13] * x;
      across += j[to + 13] * x;
      x = u5 + w * e5;
      along += j[at + 14] * x;
      across += j[to + 14] * x;
    }
    along = impulses[row] - masses[row] * (along + w * numbers[AT_SLIPS + 2 * anchor]);
    across = impulses[row + 1] - masses[row + 1] * (across + w * numbers[AT_SLIPS + 2 * anchor + 1]);
    const size = Math.sqrt(along * along + across * across);
    if (size > limit) {
      along *= limit / size;
      across *= limit / size;
      hasSlipped = true;
    }
    const change = along - impulses[row];
    const other = across - impulses[row + 1];
    impulses[row] = along;
    impulses[row + 1] = across;
    v0 = v0 + r[at] * change + r[to] * other;
    v1 = v1 + r[at + 1] * change + r[to + 1] * other;
    v2 = v2 + r[at + 2] * change + r[to + 2] * other;
    v3 = v3 + r[at + 3] * change + r[to + 3] * other;
    v4 = v4 + r[at + 4] * change + r[to + 4] * other;
    v5 = v5 + r[at + 5] * change + r[to + 5] * other;
    if (isWide) {
      v6 = v6 + r[at + 6] * change + r[to + 6] * other;
      v7 = v7 + r[at + 7] * change + r[to + 7] * other;
      v8 = v8 + r[at + 8] * change + r[to + 8] * other;
    }
    if (hasOther) {
      u0 = u0 + r[at + 9] * change + r[to + 9] * other;
      u1 = u1 + r[at + 10] * change + r[to + 10] * other;
      u2 = u2 + r[at + 11] * change + r[to + 11] * other;
      u3 = u3 + r[at + 12] * change + r[to + 12] * other;
      u4 = u4 + r[at + 13] * change + r[to + 13] * other;
      u5 = u5 + r[at + 14] * change + r[to + 14] * other;
    }
  }

  v[f] = v0;
  v[f + 1] = v1;
  v[f + 2] = v2;
  v[f + 3] = v3;
  v[f + 4] = v4;
  v[f + 5] = v5;
  if (isWide) {
    v[f + 6] = v6;
    v[f + 7] = v7;
    v[f + 8] = v8;
  }
  if (hasOther) {
    v[g] = u0;
    v[g + 1] = u1;
    v[g + 2] = u2;
    v[g + 3] = u3;
    v[g + 4] = u4;
    v[g + 5] = u5;
  }
  return hasSlipped;
}
