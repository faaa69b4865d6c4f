import { ROW, type Rows, WIDTH } from './rows.js';

// The innermost sums of the solver, in which most of a physics step is spent. A side of a row has six velocities, or nine.
// Written out, without loops and calls, they take a third of the time.

/**
 * Pushes two sides apart at each of the rows `first` to `first + count` between them, and returns the sum of their impulses.
 * `shift` [0]: what is to be added to their distances.
 */
export function pressPoints(
  rows: Rows,
  first: number,
  count: number,
  shift: Float64Array,
  v: Float64Array,
  d: Float64Array,
  isLast: boolean,
): number {
  const { jacobian: j, response: r, spans, masses, errors, corrections, impulses } = rows;
  const f = spans[4 * first];
  const isWide = spans[4 * first + 1] === WIDTH;
  const g = spans[4 * first + 2];
  const hasOther = spans[4 * first + 3] > 0;
  let pressing = 0;
  for (let row = first; row < first + count; row++) {
    const at = ROW * row;
    const error = errors[row] + shift[0];
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
    const before = impulses[row];
    const total = Math.max(0, before - (speed + w * error) * masses[row]);
    pressing += total;
    if (total === before) continue;
    impulses[row] = total;
    const change = total - before;
    v[f] += r[at] * change;
    v[f + 1] += r[at + 1] * change;
    v[f + 2] += r[at + 2] * change;
    v[f + 3] += r[at + 3] * change;
    v[f + 4] += r[at + 4] * change;
    v[f + 5] += r[at + 5] * change;
    if (isWide) {
      v[f + 6] += r[at + 6] * change;
      v[f + 7] += r[at + 7] * change;
      v[f + 8] += r[at + 8] * change;
    }
    if (hasOther) {
      v[g] += r[at + 9] * change;
      v[g + 1] += r[at + 10] * change;
      v[g + 2] += r[at + 11] * change;
      v[g + 3] += r[at + 12] * change;
      v[g + 4] += r[at + 13] * change;
      v[g + 5] += r[at + 14] * change;
    }
  }
  return pressing;
}

/**
 * Stops the slip of an anchor along its two tangents, the rows `row` and `row + 1`, and takes back a share of it. Returns true
 * if it slips nevertheless. `hold` [3]: its slips along both, metres, and the most that it holds, N·s.
 */
export function holdAnchor(
  rows: Rows,
  row: number,
  hold: Float64Array,
  v: Float64Array,
  d: Float64Array,
): boolean {
  const { jacobian: j, response: r, spans, masses, corrections, impulses } = rows;
  const f = spans[4 * row];
  const isWide = spans[4 * row + 1] === WIDTH;
  const g = spans[4 * row + 2];
  const hasOther = spans[4 * row + 3] > 0;
  const at = ROW * row;
  const to = at + ROW;
  const w = corrections[row];
  let x = v[f] + w * d[f];
  let along = j[at] * x;
  let across = j[to] * x;
  x = v[f + 1] + w * d[f + 1];
  along += j[at + 1] * x;
  across += j[to + 1] * x;
  x = v[f + 2] + w * d[f + 2];
  along += j[at + 2] * x;
  across += j[to + 2] * x;
  x = v[f + 3] + w * d[f + 3];
  along += j[at + 3] * x;
  across += j[to + 3] * x;
  x = v[f + 4] + w * d[f + 4];
  along += j[at + 4] * x;
  across += j[to + 4] * x;
  x = v[f + 5] + w * d[f + 5];
  along += j[at + 5] * x;
  across += j[to + 5] * x;
  if (isWide) {
    x = v[f + 6] + w * d[f + 6];
    along += j[at + 6] * x;
    across += j[to + 6] * x;
    x = v[f + 7] + w * d[f + 7];
    along += j[at + 7] * x;
    across += j[to + 7] * x;
    x = v[f + 8] + w * d[f + 8];
    along += j[at + 8] * x;
    across += j[to + 8] * x;
  }
  if (hasOther) {
    x = v[g] + w * d[g];
    along += j[at + 9] * x;
    across += j[to + 9] * x;
    x = v[g + 1] + w * d[g + 1];
    along += j[at + 10] * x;
    across += j[to + 10] * x;
    x = v[g + 2] + w * d[g + 2];
    along += j[at + 11] * x;
    across += j[to + 11] * x;
    x = v[g + 3] + w * d[g + 3];
    along += j[at + 12] * x;
    across += j[to + 12] * x;
    x = v[g + 4] + w * d[g + 4];
    along += j[at + 13] * x;
    across += j[to + 13] * x;
    x = v[g + 5] + w * d[g + 5];
    along += j[at + 14] * x;
    across += j[to + 14] * x;
  }
  along = impulses[row] - masses[row] * (along + w * hold[0]);
  across = impulses[row + 1] - masses[row + 1] * (across + w * hold[1]);
  const size = Math.sqrt(along * along + across * across);
  const limit = hold[2];
  const scale = size > limit ? limit / size : 1;
  along *= scale;
  across *= scale;
  const change = along - impulses[row];
  const other = across - impulses[row + 1];
  impulses[row] = along;
  impulses[row + 1] = across;
  v[f] = v[f] + r[at] * change + r[to] * other;
  v[f + 1] = v[f + 1] + r[at + 1] * change + r[to + 1] * other;
  v[f + 2] = v[f + 2] + r[at + 2] * change + r[to + 2] * other;
  v[f + 3] = v[f + 3] + r[at + 3] * change + r[to + 3] * other;
  v[f + 4] = v[f + 4] + r[at + 4] * change + r[to + 4] * other;
  v[f + 5] = v[f + 5] + r[at + 5] * change + r[to + 5] * other;
  if (isWide) {
    v[f + 6] = v[f + 6] + r[at + 6] * change + r[to + 6] * other;
    v[f + 7] = v[f + 7] + r[at + 7] * change + r[to + 7] * other;
    v[f + 8] = v[f + 8] + r[at + 8] * change + r[to + 8] * other;
  }
  if (hasOther) {
    v[g] = v[g] + r[at + 9] * change + r[to + 9] * other;
    v[g + 1] = v[g + 1] + r[at + 10] * change + r[to + 10] * other;
    v[g + 2] = v[g + 2] + r[at + 11] * change + r[to + 11] * other;
    v[g + 3] = v[g + 3] + r[at + 12] * change + r[to + 12] * other;
    v[g + 4] = v[g + 4] + r[at + 13] * change + r[to + 13] * other;
    v[g + 5] = v[g + 5] + r[at + 14] * change + r[to + 14] * other;
  }
  return size > limit;
}
