import { BoxMemory } from '../collision/box_memory.js';
import { Clearance } from '../collision/clearance.js';
import { MAX_POINTS, Manifold } from '../collision/manifold.js';
import { PointMemory } from '../collision/point_memory.js';
import type { PosedShape } from '../collision/posed.js';
import { FrictionPatch } from './friction_patch.js';
import { curveAlong, type PartMotion, STILL, speedAlong, turningSpeed } from './part_motion.js';
import type { Rows, Side } from './rows.js';
import { HOLD, LEAST, PRESSING, SHIFT, SLIPS, SWEEP_NUMBERS, staysApart, sweepContact } from './sweeps.js';
import { CORRECTION, H, ITERATIONS } from './timing.js';

/** Share of its slip that an iteration takes back from friction with a robot; it uses this share of its mass. */
const ROBOT_SLIP_CORRECTION = 0.8;
/** Share of the impulse that stops both sides at once that counts as pressing, for friction with a robot. */
const EXPECTED_SHARE = 0.25;
/** Time over which that impulse would stop them, seconds: a physics step and the iteration for velocities. */
const STOPPING_TIME = (ITERATIONS + 1) * H;
/** Contacts that stay further apart than this, metres, at their present velocities are left out of a step. */
const MARGIN = 0.004;
/** Shapes this much further apart than the reach of contacts, metres, surely have no contact points. */
const REACH_MARGIN = 1e-4;
const STEP = ITERATIONS * H;
/** Speed, m/s, above which friction's two directions lie along the sliding and across it. */
const MIN_SLIDING = 0.01;

const sliding = new Float64Array(3);
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
  /** Points of earlier steps; only pairs that need it have one. */
  private ownPointMemory: PointMemory | undefined;
  private ownBoxMemory: BoxMemory | undefined;
  private readonly patch = new FrictionPatch();
  private readonly friction: number;
  private readonly patchRadius: number;
  private readonly hasRobot: boolean;
  private readonly tangents = [new Float64Array(3), new Float64Array(3)] as const;

  /** True while the shapes surely stay apart to the end of the step. */
  private isApart = false;
  private readonly clearance = new Clearance();
  private first = 0;
  private firstFriction = 0;
  private frictionRows = 0;
  private hasSpinRow = false;
  private hasSlipped = false;
  /** True if the rows are ready to be pushed. */
  private isPrepared = false;
  /** True if friction may have impulses. */
  private isHolding = false;
  private leastPressing = 0;
  private readonly numbers = new Float64Array(SWEEP_NUMBERS);
  private readonly speeds = new Float64Array(MAX_POINTS);
  private readonly motion: PartMotion;
  private readonly otherMotion: PartMotion;

  constructor(
    readonly a: Collidable,
    readonly b: Collidable,
    frictionScale: number,
  ) {
    this.friction = (frictionScale * (a.friction + b.friction)) / 2;
    this.patchRadius = Math.max(a.patchRadius, b.patchRadius);
    this.hasRobot = isRobot(a) || isRobot(b);
    this.motion = a.mover?.motionOf(a.part) ?? STILL;
    this.otherMotion = b.mover?.motionOf(b.part) ?? STILL;
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

  /**
   * True if the points need not be found again, by what has moved since they were found: the shapes are still out of reach,
   * or surely stay apart in this step.
   */
  isClear(): boolean {
    const { a, b, motion, otherMotion } = this;
    if (this.manifold.count === 0) return this.clearance.isLeft(a.shape, b.shape);
    const left = this.clearance.left(a.shape, b.shape);
    if (left <= 0) {
      this.isApart = false;
      return false;
    }
    const x = motion.linear[0] - otherMotion.linear[0];
    const y = motion.linear[1] - otherMotion.linear[1];
    const z = motion.linear[2] - otherMotion.linear[2];
    const turning = turningSpeed(a.shape, motion) + turningSpeed(b.shape, otherMotion);
    this.isApart = left > STEP * (Math.sqrt(x * x + y * y + z * z) + turning);
    return this.isApart;
  }

  /** False while the shapes surely stay apart. */
  get mayTouch(): boolean {
    return !this.isApart;
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

  /** All numbers, besides the motion of both sides, that decide how the contact is solved. */
  beginning(): number[] {
    const { normal, points, separations, count } = this.manifold;
    return [count, ...normal, ...points, ...separations, ...this.patch.beginning()];
  }

  /** Takes note of the points that have been found within `reach` metres. */
  noteClearance(reach: number): void {
    const { count, depth, gap } = this.manifold;
    this.clearance.note(this.a.shape, this.b.shape, count > 0 ? depth - MARGIN : gap - reach - REACH_MARGIN);
    this.isClear();
  }

  /** Forgets the last step. */
  clear(): void {
    this.numbers[PRESSING] = 0;
    this.clearance.forget();
    this.isApart = false;
    this.manifold.clear();
    this.ownPointMemory?.clear();
    this.ownBoxMemory?.clear();
    this.patch.clear();
  }

  /**
   * Adds the rows of the contact points in `manifold`. Returns false if none can touch within this step at the present
   * velocities.
   */
  begin(rows: Rows): boolean {
    const { manifold, a, b } = this;
    const { count, normal, points, separations } = manifold;
    this.numbers[PRESSING] = 0;
    this.first = rows.count;
    if (!this.isTouchExpected()) {
      this.patch.clear();
      return false;
    }
    let isPressed = false;
    for (let point = 0; point < count; point++) {
      const row = rows.addPoints(a, b, points, 3 * point, points, 3 * point, normal);
      const separation = separations[point];
      rows.errors[row] = separation;
      rows.corrections[row] = separation > 0 ? 1 / H : CORRECTION / H;
      if (this.hasRobot) rows.curves[row] = this.curveAlong(normal, points, 3 * point);
      isPressed ||= this.approach(point) > 0;
    }
    this.patch.update(manifold, a.shape.frame, b.shape.frame);
    this.numbers[SHIFT] = 0;
    this.isPrepared = false;
    if (isPressed) this.prepare(rows);
    return true;
  }

  private curveAlong(n: Float64Array, points: Float64Array, at: number): number {
    return curveAlong(this.motion, n, points, at) - curveAlong(this.otherMotion, n, points, at);
  }

  /** The speed, m/s, that has to be taken from a point so that it stops in time. */
  private approach(point: number): number {
    return -this.manifold.separations[point] / STOPPING_TIME - this.speeds[point];
  }

  /** Finds what pushing changes, and adds the rows of friction. Contacts that are never pushed do without. */
  private prepare(rows: Rows): void {
    const { a, b, first, numbers } = this;
    const { count } = this.manifold;
    const compliance = this.hasRobot ? Math.max(complianceOf(a), complianceOf(b)) : 0;
    let expected = 0;
    for (let point = 0; point < count; point++) {
      const mass = 1 / (rows.respond(first + point, a, b) + compliance);
      rows.masses[first + point] = mass;
      expected += Math.max(0, this.approach(point) * mass);
    }
    this.leastPressing = this.hasRobot ? (EXPECTED_SHARE * expected) / count : 0;
    this.addFriction(rows, compliance);
    // As SAPIEN asks of PhysX, two anchors hold no more than one.
    numbers[HOLD] = this.patch.count === 2 ? this.friction / 2 : this.friction;
    numbers[LEAST] = this.leastPressing;
    this.isHolding = false;
    this.isPrepared = true;
  }

  /** Finds the speed of each point along the normal. Returns false if all stay apart at these speeds. */
  private isTouchExpected(): boolean {
    const { motion, otherMotion, speeds } = this;
    const { count, normal, points, separations } = this.manifold;
    let nearest = Infinity;
    for (let point = 0; point < count; point++) {
      const speed =
        speedAlong(motion, normal, points, 3 * point) - speedAlong(otherMotion, normal, points, 3 * point);
      speeds[point] = speed;
      nearest = Math.min(nearest, separations[point] + STEP * speed, separations[point]);
    }
    return nearest <= MARGIN;
  }

  private addFriction(rows: Rows, compliance: number): void {
    const { a, b, patch, tangents, motion, otherMotion } = this;
    const { normal } = this.manifold;
    for (let i = 0; i < 3; i++) sliding[i] = motion.linear[i] - otherMotion.linear[i];
    writeTangents(normal, sliding, tangents);
    this.frictionRows = 0;
    this.firstFriction = rows.count;
    for (let anchor = 0; anchor < patch.count; anchor++) {
      for (let axis = 0; axis < 2; axis++) {
        const tangent = tangents[axis];
        const at = 3 * anchor;
        const row = rows.addPoints(a, b, patch.ownPoints, at, patch.otherPoints, at, tangent);
        let slip = 0;
        for (let i = 0; i < 3; i++)
          slip += tangent[i] * (patch.ownPoints[at + i] - patch.otherPoints[at + i]);
        rows.errors[row] = slip;
        if (this.hasRobot) rows.curves[row] = this.curveAlong(tangent, patch.ownPoints, at);
        this.numbers[SLIPS + this.frictionRows] = slip;
        rows.corrections[row] = (this.hasRobot ? ROBOT_SLIP_CORRECTION : CORRECTION) / H;
        rows.masses[row] = CORRECTION / (rows.respond(row, a, b) + compliance);
        this.frictionRows++;
      }
    }
    this.hasSpinRow = patch.count === 1 && this.patchRadius > 0;
    if (!this.hasSpinRow) return;
    const row = rows.addSpin(a, b, normal);
    rows.masses[row] = CORRECTION / (rows.respond(row, a, b) + compliance);
  }

  /** One sweep over the rows. `isLast`: the sweep for velocities alone, which leaves depths as they are. */
  solve(rows: Rows, velocities: Float64Array, displacements: Float64Array, isLast: boolean): void {
    const { numbers, first } = this;
    const { count } = this.manifold;
    if (this.hasRobot) this.bendPoints();
    if (!this.isPrepared) {
      if (staysApart(rows, first, count, numbers[SHIFT], velocities, displacements, isLast)) {
        this.hasSlipped = true;
        return;
      }
      this.prepare(rows);
    }
    const { frictionRows, firstFriction } = this;
    if (this.hasRobot) this.bendAnchors(rows);
    // Friction that neither holds nor may begin to changes nothing. Only the last sweep counts for what has slipped.
    const isIdle = !this.isHolding && !isLast;
    this.hasSlipped = sweepContact(
      rows,
      first,
      count,
      firstFriction,
      frictionRows / 2,
      numbers,
      velocities,
      displacements,
      isLast,
      isIdle,
    );
    const limit = this.friction * Math.max(numbers[PRESSING], this.leastPressing);
    this.isHolding = limit > 0;
    if (this.hasSpinRow && !(limit === 0 && isIdle))
      this.holdSpin(rows, firstFriction + frictionRows, limit * this.patchRadius, velocities);
  }

  /** Adds what the sides have moved against each other beyond what the rows say to the distances of the points. */
  private bendPoints(): void {
    const { motion, otherMotion, numbers } = this;
    const { normal } = this.manifold;
    for (let i = 0; i < 3; i++) bend[i] = motion.bend[i] - otherMotion.bend[i];
    numbers[SHIFT] = normal[0] * bend[0] + normal[1] * bend[1] + normal[2] * bend[2];
  }

  /** The same for the slips of the anchors. */
  private bendAnchors({ errors }: Rows): void {
    const { numbers, tangents, frictionRows, firstFriction } = this;
    for (let i = 0; i < frictionRows; i++) {
      const t = tangents[i % 2];
      numbers[SLIPS + i] = errors[firstFriction + i] + t[0] * bend[0] + t[1] * bend[1] + t[2] * bend[2];
    }
  }

  private holdSpin(rows: Rows, row: number, limit: number, velocities: Float64Array): void {
    const { impulses, masses } = rows;
    const free = impulses[row] - masses[row] * rows.along(row, velocities);
    const total = Math.max(-limit, Math.min(limit, free));
    if (total !== free) this.hasSlipped = true;
    rows.push(row, total - impulses[row], velocities);
    impulses[row] = total;
  }

  /** Ends the step: anchors that have slipped, or that nothing presses, take hold anew in the next one. */
  end(): void {
    if (this.hasSlipped) this.patch.clear();
  }
}

function isRobot({ mover }: Side): boolean {
  return mover?.isRobot ?? false;
}

function complianceOf({ mover, part }: Side): number {
  return mover ? mover.compliance(part) : 0;
}

/**
 * Writes two directions across `n` [3]: along the velocity `v` [3] if it slides at more than 1 cm/s, and across it.
 */
function writeTangents(
  n: Float64Array,
  v: Float64Array,
  [along, across]: readonly [Float64Array, Float64Array],
): void {
  const speed = n[0] * v[0] + n[1] * v[1] + n[2] * v[2];
  let squared = 0;
  for (let i = 0; i < 3; i++) {
    along[i] = v[i] - speed * n[i];
    squared += along[i] * along[i];
  }
  if (squared <= MIN_SLIDING * MIN_SLIDING) {
    const isFlat = Math.abs(n[0]) < Math.SQRT1_2;
    along[0] = isFlat ? 0 : -n[1];
    along[1] = isFlat ? -n[2] : n[0];
    along[2] = isFlat ? n[1] : 0;
    squared = along[0] * along[0] + along[1] * along[1] + along[2] * along[2];
  }
  const scale = 1 / Math.sqrt(squared);
  for (let i = 0; i < 3; i++) along[i] *= scale;
  across[0] = n[1] * along[2] - n[2] * along[1];
  across[1] = n[2] * along[0] - n[0] * along[2];
  across[2] = n[0] * along[1] - n[1] * along[0];
}
