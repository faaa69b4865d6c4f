import { BoxMemory } from '../collision/box_memory.js';
import { MANIFOLD_NUMBERS, Manifold } from '../collision/manifold.js';
import { PointMemory } from '../collision/point_memory.js';
import type { PosedShape } from '../collision/posed.js';
import { Approach } from './approach.js';
import { Friction } from './friction.js';
import { PATCH_NUMBERS } from './friction_patch.js';
import { type PartMotion, STILL } from './part_motion.js';
import type { Rows, Side } from './rows.js';
import { Slack, staysApart } from './slack.js';
import { Standoff } from './standoff.js';
import { HOLD, LEAST, PRESSING, SHIFT, SWEEP_NUMBERS } from './sweep_numbers.js';
import { sweepContact } from './sweeps.js';
import { CORRECTION, H } from './timing.js';

/** Numbers that {@link Contact.writeBeginning} writes. */
export const BEGINNING_NUMBERS = MANIFOLD_NUMBERS + PATCH_NUMBERS;
/** Share of the impulse that stops both sides at once that counts as pressing, for friction with a robot. */
const EXPECTED_SHARE = 0.25;
/** Share of a distance that an iteration takes back per second: from points that are apart, and from deep ones. */
const WHOLE = 1 / H;
const PART = CORRECTION / H;

/** Motion of one side against the other beyond what the rows say. */
const bend = new Float64Array(3);

/** A shape that takes part in collisions, and the side of contacts that it is on. */
export interface Collidable extends Side {
  readonly shape: PosedShape;
  readonly friction: number;
  /** Radius, metres, over which a single point of contact holds against turning; 0: not at all. */
  readonly patchRadius: number;
}

/**
 * The contact of two shapes as PhysX's temporal Gauss-Seidel solver treats it (DyTGSContactPrep.cpp): each point can't go
 * deeper than it is and is pushed out over the iterations, and friction's anchors are pulled back to where they held, as
 * far as the pressing allows.
 */
export class Contact {
  readonly manifold = new Manifold();
  /** Knows while the shapes surely stay apart. */
  readonly standoff: Standoff;
  /** Points of earlier steps; only pairs that need it have one. */
  private ownPointMemory: PointMemory | undefined;
  private ownBoxMemory: BoxMemory | undefined;
  private readonly coefficient: number;
  private readonly hasRobot: boolean;
  private readonly friction: Friction;
  private readonly approach = new Approach();
  private readonly slack = new Slack();

  private first = 0;
  private hasSlipped = false;
  /** True if the rows are ready to be pushed. */
  private isPrepared = false;
  /** True if friction may have impulses. */
  private isHolding = false;
  private readonly numbers = new Float64Array(SWEEP_NUMBERS);
  private readonly motion: PartMotion;
  private readonly otherMotion: PartMotion;

  constructor(
    readonly a: Collidable,
    readonly b: Collidable,
    frictionScale: number,
  ) {
    this.coefficient = (frictionScale * (a.friction + b.friction)) / 2;
    this.hasRobot = isRobot(a) || isRobot(b);
    this.friction = new Friction(a, b, Math.max(a.patchRadius, b.patchRadius), this.hasRobot);
    this.motion = a.mover?.motionOf(a.part) ?? STILL;
    this.otherMotion = b.mover?.motionOf(b.part) ?? STILL;
    this.standoff = new Standoff(a.shape, b.shape, this.motion, this.otherMotion);
  }

  get pointMemory(): PointMemory {
    this.ownPointMemory ??= new PointMemory();
    return this.ownPointMemory;
  }

  get boxMemory(): BoxMemory {
    this.ownBoxMemory ??= new BoxMemory();
    return this.ownBoxMemory;
  }

  /** N·s: the sum of the impulses along the normal in the last step. */
  get pressing(): number {
    return this.numbers[PRESSING];
  }

  /** True if the contact is one of a body that rests, with what never moves. */
  get isResting(): boolean {
    const { a, b } = this;
    return b.mover === null && a.mover !== null && a.mover.isResting;
  }

  /** True once the sides may have been pushed apart in this step. */
  get mayPush(): boolean {
    return this.isPrepared;
  }

  /**
   * Writes all numbers, besides the motion of both sides, that decide how the contact is solved, to `out` from `at`. Returns
   * the place after them.
   */
  writeBeginning(out: Float64Array, at: number): number {
    return this.friction.writeBeginning(out, this.manifold.writeAll(out, at));
  }

  /** Forgets the last step. */
  clear(): void {
    this.numbers[PRESSING] = 0;
    this.standoff.forget();
    this.manifold.clear();
    this.ownPointMemory?.clear();
    this.ownBoxMemory?.clear();
    this.friction.clear();
  }

  /**
   * Adds the rows of the contact points in `manifold`. Returns false if none can touch within this step at the present
   * velocities.
   */
  begin(rows: Rows): boolean {
    const { manifold, a, b, numbers, approach } = this;
    const { count, normal, points, separations } = manifold;
    numbers[PRESSING] = 0;
    this.first = rows.count;
    if (!approach.isTouchExpected(manifold, this.motion, this.otherMotion)) {
      this.friction.clear();
      return false;
    }
    for (let point = 0; point < count; point++) {
      const row = rows.addPoints(a, b, points, 3 * point, points, 3 * point, normal);
      const separation = separations[point];
      rows.errors[row] = separation;
      rows.corrections[row] = separation > 0 ? WHOLE : PART;
    }
    this.friction.update(manifold, a.shape.frame, b.shape.frame);
    numbers[SHIFT] = 0;
    this.isPrepared = false;
    if (approach.isPressing(manifold)) this.prepare(rows);
    else this.slack.note(rows, this.first, count);
    return true;
  }

  /** Finds what pushing changes, and adds the rows of friction. Contacts that are never pushed do without. */
  private prepare(rows: Rows): void {
    const { a, b, first, numbers, manifold, approach, friction } = this;
    const compliance = this.hasRobot ? Math.max(complianceOf(a), complianceOf(b)) : 0;
    let expected = 0;
    for (let point = 0; point < manifold.count; point++) {
      rows.respond(first + point, a, b);
      const mass = 1 / (rows.masses[first + point] + compliance);
      rows.masses[first + point] = mass;
      expected += Math.max(0, approach.excess(manifold, point) * mass);
    }
    friction.begin(rows, manifold.normal, this.motion, this.otherMotion, compliance, numbers);
    // As SAPIEN asks of PhysX, two anchors hold no more than one.
    numbers[HOLD] = friction.anchors === 2 ? this.coefficient / 2 : this.coefficient;
    numbers[LEAST] = this.hasRobot ? (EXPECTED_SHARE * expected) / manifold.count : 0;
    this.isHolding = false;
    this.isPrepared = true;
  }

  /** One sweep over the rows. `isLast`: the sweep for velocities alone, which leaves depths as they are. */
  solve(rows: Rows, velocities: Float64Array, displacements: Float64Array, isLast: boolean): void {
    const { numbers, first, friction } = this;
    const { count } = this.manifold;
    if (this.hasRobot) this.bendPoints();
    if (!this.isPrepared) {
      this.hasSlipped = true;
      if (!isLast && this.slack.isLeft(rows, first, numbers, velocities, displacements)) return;
      if (staysApart(rows, first, count, numbers, velocities, displacements, isLast)) return;
      this.prepare(rows);
    }
    if (this.hasRobot) friction.bend(rows, bend, numbers);
    // Friction that neither holds nor may begin to changes nothing. Only the last sweep counts for what has slipped.
    const isIdle = !this.isHolding && !isLast;
    const { firstRow, anchors } = friction;
    this.hasSlipped = sweepContact(
      rows,
      first,
      count,
      firstRow,
      anchors,
      numbers,
      velocities,
      displacements,
      isLast,
      isIdle,
    );
    const limit = this.coefficient * Math.max(numbers[PRESSING], numbers[LEAST]);
    this.isHolding = limit > 0;
    if (limit === 0 && isIdle) return;
    if (!friction.holdSpin(rows, limit, velocities)) this.hasSlipped = true;
  }

  /** Adds what the sides have moved against each other beyond what the rows say to the distances of the points. */
  private bendPoints(): void {
    const { motion, otherMotion, numbers } = this;
    const { normal } = this.manifold;
    const { bend: own } = motion;
    const { bend: other } = otherMotion;
    const x = own[0] - other[0];
    const y = own[1] - other[1];
    const z = own[2] - other[2];
    bend[0] = x;
    bend[1] = y;
    bend[2] = z;
    numbers[SHIFT] = normal[0] * x + normal[1] * y + normal[2] * z;
  }

  /** Ends the step: anchors that have slipped, or that nothing presses, take hold anew in the next one. */
  end(): void {
    if (this.hasSlipped) this.friction.clear();
  }
}

function isRobot({ mover }: Side): boolean {
  return mover?.isRobot ?? false;
}

function complianceOf({ mover, part }: Side): number {
  return mover ? mover.compliance(part) : 0;
}
