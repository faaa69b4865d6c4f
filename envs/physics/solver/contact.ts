import { Clearance } from '../collision/clearance.js';
import { MAX_POINTS, Manifold } from '../collision/manifold.js';
import { PointMemory } from '../collision/point_memory.js';
import type { PosedShape } from '../collision/posed.js';
import { FrictionPatch } from './friction_patch.js';
import { type PartMotion, type Rows, type Side, STILL } from './rows.js';
import { CORRECTION, H, ITERATIONS } from './timing.js';

/** Share of its slip that an iteration takes back from friction with a robot; it uses this share of its mass. */
const ROBOT_SLIP_CORRECTION = 0.8;
/** Share of the impulse that stops both sides at once that counts as pressing, for friction with a robot. */
const EXPECTED_SHARE = 0.25;
/** Time over which that impulse would stop them, seconds: a physics step and the iteration for velocities. */
const STOPPING_TIME = (ITERATIONS + 1) * H;
/** Contacts that stay further apart than this, metres, at their present velocities are left out of a step. */
const MARGIN = 0.004;
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
  readonly memory = new PointMemory();
  /** N·s: the sum of the impulses along the normal in the last step. */
  pressing = 0;

  private readonly patch = new FrictionPatch();
  private readonly friction: number;
  private readonly patchRadius: number;
  private readonly hasRobot: boolean;
  private readonly tangents = [new Float64Array(3), new Float64Array(3)] as const;

  /** True while the shapes surely stay apart to the end of the step. */
  private isApart = false;
  private readonly clearance = new Clearance();
  private first = 0;
  private frictionRows = 0;
  private hasSpinRow = false;
  private hasSlipped = false;
  private leastPressing = 0;
  private readonly masses = new Float64Array(MAX_POINTS + 5);
  private readonly impulses = new Float64Array(MAX_POINTS + 5);
  /** [points]: impulse per metre of separation; [anchors, 2]: slip along both tangents, metres. */
  private readonly corrections = new Float64Array(MAX_POINTS);
  private readonly slips = new Float64Array(4);
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

  /**
   * True if the shapes surely stay apart in this step, by what has moved since their points were found: then they need not
   * be found again.
   */
  isClear(): boolean {
    const { a, b, motion, otherMotion } = this;
    const left = this.clearance.left(a.shape, a.shape.radius, b.shape, b.shape.radius) - MARGIN;
    if (left <= 0) {
      this.isApart = false;
      return false;
    }
    let squared = 0;
    for (let i = 0; i < 3; i++) squared += (motion.linear[i] - otherMotion.linear[i]) ** 2;
    const speed = Math.sqrt(squared) + turningSpeed(a.shape, motion) + turningSpeed(b.shape, otherMotion);
    this.isApart = left > STEP * speed;
    return this.isApart;
  }

  /** False while the shapes surely stay apart. */
  get mayTouch(): boolean {
    return !this.isApart;
  }

  /** Takes note of the points that have been found. */
  noteClearance(): void {
    this.clearance.note(this.a.shape, this.b.shape, this.manifold.count > 0 ? this.manifold.depth : 0);
    this.isClear();
  }

  /** Forgets the last step. */
  clear(): void {
    this.pressing = 0;
    this.clearance.forget();
    this.isApart = false;
    this.manifold.clear();
    this.memory.clear();
    this.patch.clear();
  }

  /**
   * Adds the rows of the contact points in `manifold`. Returns false if none can touch within this step at the present
   * velocities.
   */
  begin(rows: Rows): boolean {
    const { manifold, a, b, corrections, impulses, masses } = this;
    const { count, normal, points, separations } = manifold;
    this.pressing = 0;
    this.first = rows.count;
    if (!this.isTouchExpected()) {
      this.patch.clear();
      return false;
    }
    const compliance = this.hasRobot ? Math.max(complianceOf(a), complianceOf(b)) : 0;
    let expected = 0;
    for (let point = 0; point < count; point++) {
      const row = rows.addPoints(a, b, points, 3 * point, points, 3 * point, normal);
      const separation = separations[point];
      masses[point] = 1 / (rows.mobilities[row] + compliance);
      corrections[point] = separation > 0 ? 1 / H : CORRECTION / H;
      expected += Math.max(0, (-separation / STOPPING_TIME - this.speeds[point]) * masses[point]);
    }
    this.leastPressing = this.hasRobot ? (EXPECTED_SHARE * expected) / count : 0;
    impulses.fill(0);
    this.patch.update(manifold, a.shape.frame, b.shape.frame);
    this.addFriction(rows, compliance);
    return true;
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
    const { a, b, patch, tangents, masses, slips, motion, otherMotion } = this;
    const { normal, count } = this.manifold;
    for (let i = 0; i < 3; i++) sliding[i] = motion.linear[i] - otherMotion.linear[i];
    writeTangents(normal, sliding, tangents);
    this.frictionRows = 0;
    for (let anchor = 0; anchor < patch.count; anchor++) {
      for (let axis = 0; axis < 2; axis++) {
        const tangent = tangents[axis];
        const at = 3 * anchor;
        const row = rows.addPoints(a, b, patch.ownPoints, at, patch.otherPoints, at, tangent);
        let slip = 0;
        for (let i = 0; i < 3; i++)
          slip += tangent[i] * (patch.ownPoints[at + i] - patch.otherPoints[at + i]);
        slips[this.frictionRows] = slip;
        masses[count + this.frictionRows++] = CORRECTION / (rows.mobilities[row] + compliance);
      }
    }
    this.hasSpinRow = patch.count === 1 && this.patchRadius > 0;
    if (!this.hasSpinRow) return;
    const row = rows.addSpin(a, b, normal);
    masses[count + this.frictionRows] = CORRECTION / (rows.mobilities[row] + compliance);
  }

  /** One sweep over the rows. `isLast`: the sweep for velocities alone, which leaves depths as they are. */
  solve(rows: Rows, velocities: Float64Array, displacements: Float64Array, isLast: boolean): void {
    const { impulses, masses, corrections, first, motion, otherMotion } = this;
    const { count, separations, normal } = this.manifold;
    for (let i = 0; i < 3; i++) bend[i] = motion.bend[i] - otherMotion.bend[i];
    const bent = normal[0] * bend[0] + normal[1] * bend[1] + normal[2] * bend[2];
    let pressing = 0;
    for (let point = 0; point < count; point++) {
      const row = first + point;
      const correction = corrections[point];
      const separation = separations[point] + bent;
      const isDeep = isLast && separation + rows.along(row, displacements) < 0;
      const approach = isDeep
        ? rows.along(row, velocities)
        : rows.alongBoth(row, velocities, displacements, correction) + correction * separation;
      const before = impulses[point];
      const total = Math.max(0, before - approach * masses[point]);
      if (total !== before) rows.push(row, total - before, velocities);
      impulses[point] = total;
      pressing += total;
    }
    this.pressing = pressing;
    const limit = this.friction * Math.max(pressing, this.leastPressing);
    this.hasSlipped = false;
    const end = count + this.frictionRows;
    // As SAPIEN asks of PhysX, two anchors hold no more than one.
    const share = this.patch.count === 2 ? limit / 2 : limit;
    for (let i = count; i < end; i += 2) this.holdAnchor(i, share, rows, velocities, displacements);
    if (this.hasSpinRow) this.holdSpin(end, limit * this.patchRadius, rows, velocities);
  }

  private holdAnchor(
    i: number,
    limit: number,
    rows: Rows,
    velocities: Float64Array,
    displacements: Float64Array,
  ): void {
    const { impulses, first } = this;
    const along = this.holdingImpulse(i, 0, rows, velocities, displacements);
    const across = this.holdingImpulse(i + 1, 1, rows, velocities, displacements);
    const size = Math.sqrt(along * along + across * across);
    let scale = 1;
    if (size > limit) {
      scale = limit / size;
      this.hasSlipped = true;
    }
    rows.push(first + i, scale * along - impulses[i], velocities);
    rows.push(first + i + 1, scale * across - impulses[i + 1], velocities);
    impulses[i] = scale * along;
    impulses[i + 1] = scale * across;
  }

  /** The impulse along one of the two tangents that stops the row and takes back a share of its slip. */
  private holdingImpulse(
    i: number,
    axis: 0 | 1,
    rows: Rows,
    velocities: Float64Array,
    displacements: Float64Array,
  ): number {
    const t = this.tangents[axis];
    const slip = this.slips[i - this.manifold.count] + t[0] * bend[0] + t[1] * bend[1] + t[2] * bend[2];
    const correction = (this.hasRobot ? ROBOT_SLIP_CORRECTION : CORRECTION) / H;
    const speed = rows.alongBoth(this.first + i, velocities, displacements, correction) + correction * slip;
    return this.impulses[i] - this.masses[i] * speed;
  }

  private holdSpin(i: number, limit: number, rows: Rows, velocities: Float64Array): void {
    const { impulses, masses, first } = this;
    const free = impulses[i] - masses[i] * rows.along(first + i, velocities);
    const total = Math.max(-limit, Math.min(limit, free));
    if (total !== free) this.hasSlipped = true;
    rows.push(first + i, total - impulses[i], velocities);
    impulses[i] = total;
  }

  /** Ends the step: anchors that have slipped take hold anew in the next one. */
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

/** Upper limit of the speed that a shape has because its part turns. */
function turningSpeed({ position: p, radius }: PosedShape, { centre, angular }: PartMotion): number {
  const turning = Math.sqrt(angular[0] * angular[0] + angular[1] * angular[1] + angular[2] * angular[2]);
  if (turning === 0) return 0;
  const x = p[0] - centre[0];
  const y = p[1] - centre[1];
  const z = p[2] - centre[2];
  return turning * (radius + Math.sqrt(x * x + y * y + z * z));
}

/** Speed along `n` [3] of the world point in `points` [3, from `at`] on a part that moves so. */
function speedAlong(
  { centre, linear, angular }: PartMotion,
  n: Float64Array,
  points: Float64Array,
  at: number,
): number {
  const x = points[at] - centre[0];
  const y = points[at + 1] - centre[1];
  const z = points[at + 2] - centre[2];
  return (
    n[0] * (linear[0] + angular[1] * z - angular[2] * y) +
    n[1] * (linear[1] + angular[2] * x - angular[0] * z) +
    n[2] * (linear[2] + angular[0] * y - angular[1] * x)
  );
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
