import type { PartMotion } from './part_motion.js';

/** The most velocities that one mover has: the joints of an arm with two fingers. */
export const WIDTH = 9;
/** Entries of a row: of either side. */
export const ROW = 2 * WIDTH;
const FIRST_CAPACITY = 128;
/**
 * Bits of every index into the arrays of rows. V8 knows that sums of indices can't overflow if these are cut to so many bits;
 * otherwise it checks each.
 */
export const INDEX = 0xffff;
const MAX_ROWS = Math.floor((INDEX + 1) / ROW);
// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const SIDE = WIDTH;
const STRIDE = ROW;

/**
 * Something whose motion the solver computes: a free body, or a robot with all its joints. Its velocities follow each
 * other among all velocities.
 */
export interface Mover {
  /** Index of its first velocity, and their number. */
  readonly first: number;
  readonly size: number;
  readonly isRobot: boolean;
  /** True while its contacts with what never moves need not be found. */
  readonly isResting: boolean;
  /**
   * Writes to `out` [size, from `at`] what each velocity adds to the speed along `direction` [3] of the world point in
   * `points` [3, from `p`] on its part `part`, times `sign`.
   */
  writePointRow(
    part: number,
    points: Float64Array,
    p: number,
    direction: Float64Array,
    sign: number,
    out: Float64Array,
    at: number,
  ): void;
  /** The same for the rate of turning about `direction`. */
  writeSpinRow(part: number, direction: Float64Array, sign: number, out: Float64Array, at: number): void;
  /** Writes the velocities that a unit impulse along the row in `jacobian` [size, from `at`] makes to `response`. */
  respond(jacobian: Float64Array, response: Float64Array, at: number): void;
  motionOf(part: number): PartMotion;
  /** Velocity per impulse, m/s per N·s, by which PhysX softens contacts of the part. */
  compliance(part: number): number;
}

/** A part of a mover, or of what never moves (null). */
export interface Side {
  readonly mover: Mover | null;
  readonly part: number;
}

/**
 * The rows of a Gauss-Seidel solver: each is a velocity between two sides, with what an impulse along it changes.
 * Velocities and displacements of all movers are in arrays of their own, which the rows are multiplied with.
 */
export class Rows {
  count = 0;

  /** [count]: impulse per change of the velocity; the distance to take back, metres, and its share per second. */
  masses = new Float64Array(FIRST_CAPACITY);
  errors = new Float64Array(FIRST_CAPACITY);
  corrections = new Float64Array(FIRST_CAPACITY);
  /** [count]: the impulse in this step up to now. */
  impulses = new Float64Array(FIRST_CAPACITY);
  /** [count, 2, 9]: what each velocity adds to the one along the row, and what a unit impulse along it adds to each. */
  jacobian = new Float64Array(STRIDE * FIRST_CAPACITY);
  response = new Float64Array(STRIDE * FIRST_CAPACITY);
  /** [count, 4]: first velocity and number of velocities of either side. */
  spans = new Int32Array(4 * FIRST_CAPACITY);

  clear(): void {
    this.count = 0;
  }

  /**
   * Adds the velocity along `direction` [3] of the point `p` (of `points`, [3] from there) on side `a` against the
   * point `q` on side `b`. Returns its index.
   */
  addPoints(
    a: Side,
    b: Side,
    points: Float64Array,
    p: number,
    others: Float64Array,
    q: number,
    direction: Float64Array,
  ): number {
    const row = this.open(a, b);
    const { jacobian } = this;
    const at = STRIDE * row;
    a.mover?.writePointRow(a.part, points, p, direction, 1, jacobian, at);
    b.mover?.writePointRow(b.part, others, q, direction, -1, jacobian, at + SIDE);
    return row;
  }

  /** Adds the rate of turning about `direction` [3] of side `a` against side `b`. Returns its index. */
  addSpin(a: Side, b: Side, direction: Float64Array): number {
    const row = this.open(a, b);
    const at = STRIDE * row;
    a.mover?.writeSpinRow(a.part, direction, 1, this.jacobian, at);
    b.mover?.writeSpinRow(b.part, direction, -1, this.jacobian, at + SIDE);
    return row;
  }

  /** The sum of `values`, one for each velocity, along a row. */
  along(row: number, values: Float64Array): number {
    const { jacobian, spans } = this;
    const at = STRIDE * row;
    const first = spans[4 * row];
    const size = spans[4 * row + 1];
    const otherFirst = spans[4 * row + 2];
    const otherSize = spans[4 * row + 3];
    let sum = 0;
    for (let k = 0; k < size; k++) sum += jacobian[at + k] * values[first + k];
    for (let k = 0; k < otherSize; k++) sum += jacobian[at + SIDE + k] * values[otherFirst + k];
    return sum;
  }

  /** Changes the velocities by an impulse along a row. */
  push(row: number, impulse: number, velocities: Float64Array): void {
    const { response, spans } = this;
    const at = STRIDE * row;
    const first = spans[4 * row];
    const size = spans[4 * row + 1];
    const otherFirst = spans[4 * row + 2];
    const otherSize = spans[4 * row + 3];
    for (let k = 0; k < size; k++) velocities[first + k] += response[at + k] * impulse;
    for (let k = 0; k < otherSize; k++) velocities[otherFirst + k] += response[at + SIDE + k] * impulse;
  }

  /**
   * Finds what an impulse along a row between `a` and `b` changes, before it is first pushed, and writes the change of its own
   * velocity to `masses`, whose inverse a mass is.
   */
  respond(row: number, a: Side, b: Side): void {
    const { jacobian, response } = this;
    const at = STRIDE * row;
    a.mover?.respond(jacobian, response, at);
    b.mover?.respond(jacobian, response, at + SIDE);
    const size = a.mover?.size ?? 0;
    const otherEnd = at + SIDE + (b.mover?.size ?? 0);
    let mobility = 0;
    for (let k = at; k < at + size; k++) mobility += jacobian[k] * response[k];
    for (let k = at + SIDE; k < otherEnd; k++) mobility += jacobian[k] * response[k];
    this.masses[row] = mobility;
  }

  private open(a: Side, b: Side): number {
    if (this.count === MAX_ROWS) throw new Error(`more than ${MAX_ROWS} rows of contacts in a physics step`);
    if (this.count === this.masses.length) this.grow();
    const row = this.count++;
    const { spans } = this;
    this.impulses[row] = 0;
    spans[4 * row] = a.mover?.first ?? 0;
    spans[4 * row + 1] = a.mover?.size ?? 0;
    spans[4 * row + 2] = b.mover?.first ?? 0;
    spans[4 * row + 3] = b.mover?.size ?? 0;
    return row;
  }

  private grow(): void {
    this.masses = enlarged(this.masses);
    this.errors = enlarged(this.errors);
    this.corrections = enlarged(this.corrections);
    this.impulses = enlarged(this.impulses);
    this.jacobian = enlarged(this.jacobian);
    this.response = enlarged(this.response);
    const spans = new Int32Array(2 * this.spans.length);
    spans.set(this.spans);
    this.spans = spans;
  }
}

function enlarged(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
