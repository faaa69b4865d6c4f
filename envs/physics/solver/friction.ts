import type { Manifold } from '../collision/manifold.js';
import type { Frame } from '../collision/posed.js';
import { FrictionPatch } from './friction_patch.js';
import type { PartMotion } from './part_motion.js';
import type { Rows, Side } from './rows.js';
import { SLIPS } from './sweep_numbers.js';
import { writeTangents } from './tangents.js';
import { CORRECTION, H } from './timing.js';

/** Share of its slip that an iteration takes back from friction with a robot; it uses the other share of its mass. */
const ROBOT_SLIP_CORRECTION = 0.8;
const MASS_SHARE = CORRECTION;
const SLIP_CORRECTION = CORRECTION / H;
const ROBOT_CORRECTION = ROBOT_SLIP_CORRECTION / H;

/** The patch of contacts that never had points, as most. */
const NO_PATCH = new FrictionPatch();

const sliding = new Float64Array(3);

/** The friction of a contact: its anchors, and the rows that hold them in a step. */
export class Friction {
  private patch = NO_PATCH;
  private readonly tangents = [new Float64Array(3), new Float64Array(3)] as const;
  /** The first row; two rows for each of the anchors, and one after them that holds against turning, if there is one. */
  private first = 0;
  private hasSpinRow = false;

  /** @param patchRadius radius, metres, over which a single anchor holds against turning. */
  constructor(
    private readonly a: Side,
    private readonly b: Side,
    private readonly patchRadius: number,
    private readonly hasRobot: boolean,
  ) {}

  get anchors(): number {
    return this.patch.count;
  }

  get firstRow(): number {
    return this.first;
  }

  /** Lets go. */
  clear(): void {
    this.patch.clear();
  }

  /** Writes all numbers that say how the anchors hold to `out` from `at`. Returns the place after them. */
  writeBeginning(out: Float64Array, at: number): number {
    return this.patch.writeBeginning(out, at);
  }

  /** Keeps or renews the anchors for the contact points of `manifold` between surfaces in the frames `a` and `b`. */
  update(manifold: Manifold, a: Frame, b: Frame): void {
    if (this.patch === NO_PATCH) this.patch = new FrictionPatch();
    this.patch.update(manifold, a, b);
  }

  /**
   * Adds the rows of a step, for sides that move so and are softened by `compliance`, and writes the slips to the `numbers` of
   * a sweep.
   */
  begin(
    rows: Rows,
    normal: Float64Array,
    motion: PartMotion,
    otherMotion: PartMotion,
    compliance: number,
    numbers: Float64Array,
  ): void {
    const { a, b, patch, tangents } = this;
    const { ownPoints, otherPoints } = patch;
    for (let i = 0; i < 3; i++) sliding[i] = motion.linear[i] - otherMotion.linear[i];
    writeTangents(normal, sliding, tangents);
    this.first = rows.count;
    for (let anchor = 0; anchor < patch.count; anchor++) {
      const at = 3 * anchor;
      for (let axis = 0; axis < 2; axis++) {
        const tangent = tangents[axis];
        const row = rows.addPoints(a, b, ownPoints, at, otherPoints, at, tangent);
        let slip = 0;
        for (let i = 0; i < 3; i++) slip += tangent[i] * (ownPoints[at + i] - otherPoints[at + i]);
        rows.errors[row] = slip;
        numbers[SLIPS + 2 * anchor + axis] = slip;
        rows.corrections[row] = this.hasRobot ? ROBOT_CORRECTION : SLIP_CORRECTION;
        rows.respond(row, a, b);
        rows.masses[row] = MASS_SHARE / (rows.masses[row] + compliance);
      }
    }
    this.hasSpinRow = patch.count === 1 && this.patchRadius > 0;
    if (!this.hasSpinRow) return;
    const row = rows.addSpin(a, b, normal);
    rows.respond(row, a, b);
    rows.masses[row] = MASS_SHARE / (rows.masses[row] + compliance);
  }

  /** Adds what the sides have moved against each other beyond what the rows say, `bend` [3], to the slips in `numbers`. */
  bend({ errors }: Rows, bend: Float64Array, numbers: Float64Array): void {
    const { first } = this;
    const [t, u] = this.tangents;
    const x = bend[0];
    const y = bend[1];
    const z = bend[2];
    for (let i = 0; i < 2 * this.patch.count; i += 2) {
      numbers[SLIPS + i] = errors[first + i] + t[0] * x + t[1] * y + t[2] * z;
      numbers[SLIPS + i + 1] = errors[first + i + 1] + u[0] * x + u[1] * y + u[2] * z;
    }
  }

  /** Holds the sides against turning, by what `hold` newton seconds at the anchor can do. Returns false if they slip. */
  holdSpin(rows: Rows, hold: number, velocities: Float64Array): boolean {
    if (!this.hasSpinRow) return true;
    const { impulses, masses } = rows;
    const row = this.first + 2;
    const limit = hold * this.patchRadius;
    const free = impulses[row] - masses[row] * rows.along(row, velocities);
    const total = Math.max(-limit, Math.min(limit, free));
    rows.push(row, total - impulses[row], velocities);
    impulses[row] = total;
    return total === free;
  }
}
