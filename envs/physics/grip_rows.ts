import { SOLVER_ITERATIONS } from '../panda/arm_solver.js';
import { PHYSICS_TIMESTEP } from '../panda/model.js';
import type { GripMotion } from './grip_motion.js';
import { MAX_PATCH_POINTS, type PadPatch } from './pad_contacts.js';

const H = PHYSICS_TIMESTEP / SOLVER_ITERATIONS;
/** Share of a penetration that one iteration takes back. */
const PENETRATION_SHARE = 2 / Math.sqrt(SOLVER_ITERATIONS);
/** Share of friction's slip that one iteration takes back. */
const SLIP_SHARE = 0.8;
/** Share of its effective mass that friction uses. PhysX's source lacks the 0.8; with it, velocities err by half. */
const FRICTION_SHARE = 0.8 * PENETRATION_SHARE;
/** Depth of a pad in what it grips, metres, at which an iteration takes back as much as the drive then pushes in. */
const GRIP_DEPTH = 0.0016;
const ROWS = MAX_PATCH_POINTS + 4;

/**
 * One patch of contact as rows of PhysX's solver: one along the normal for each point, two tangential ones for each of
 * two friction anchors, which remember where friction took hold. Rows are velocities of the pad against the actor.
 */
export class GripRows {
  /** The first of the patch's rows, which follow each other. */
  private first = 0;
  private points = 0;
  private count = 0;
  private friction = 0;
  private hasSlipped = false;
  private readonly masses = new Float64Array(ROWS);
  private readonly impulses = new Float64Array(ROWS);
  /** [ROWS]: gap or slip where nothing is displaced, metres. */
  private readonly offsets = new Float64Array(ROWS);
  /** [points]: share of the gap that one iteration closes. */
  private readonly shares = new Float64Array(MAX_PATCH_POINTS);

  private readonly tangent = new Float64Array(3);

  /** Sets up the rows of `patch`, in which the deepest point is as deep as grips are in PhysX. */
  start({ finger, count, friction, points, gaps, normal }: PadPatch, motion: GripMotion): void {
    this.count = 0;
    this.points = count;
    this.friction = friction;
    this.hasSlipped = false;
    this.offsets.fill(0);
    let deepest = Infinity;
    for (let i = 0; i < count; i++) deepest = Math.min(deepest, gaps[i]);
    for (let i = 0; i < count; i++) {
      this.offsets[i] = gaps[i] - deepest - GRIP_DEPTH;
      this.addRow(motion, finger, points, i, normal);
    }
    const [first, second] = furthestApart(points, count);
    this.addAnchor(motion, finger, points, first, normal);
    if (second !== first) this.addAnchor(motion, finger, points, second, normal);
  }

  /** Begins a physics step: no impulses yet, and friction that has slipped takes hold anew. */
  beginStep({ displacements }: GripMotion): void {
    this.impulses.fill(0);
    for (let i = 0; i < this.points; i++) {
      this.shares[i] = this.offsets[i] + displacements[this.first + i] > 0 ? 1 : PENETRATION_SHARE;
    }
    if (!this.hasSlipped) return;
    for (let i = this.points; i < this.count; i++) this.offsets[i] = -displacements[this.first + i];
    this.hasSlipped = false;
  }

  /** One sweep over the rows. `isLast`: the sweep for velocities alone, which leaves penetrations as they are. */
  solve(motion: GripMotion, isLast: boolean): void {
    const { impulses, masses, offsets, shares, first } = this;
    const { velocities, displacements } = motion;
    let normal = 0;
    for (let i = 0; i < this.points; i++) {
      const gap = offsets[i] + displacements[first + i];
      const wanted = (-shares[i] * (isLast ? Math.max(gap, 0) : gap)) / H;
      const total = Math.max(0, impulses[i] + (wanted - velocities[first + i]) * masses[i]);
      this.push(i, total, motion);
      normal += total;
    }
    const limit = this.friction * normal;
    for (let i = this.points; i < this.count; i += 2) {
      const along = this.stickingImpulse(i, motion);
      const across = this.stickingImpulse(i + 1, motion);
      const size = Math.sqrt(along * along + across * across);
      const scale = size > limit ? limit / size : 1;
      if (scale < 1) this.hasSlipped = true;
      this.push(i, scale * along, motion);
      this.push(i + 1, scale * across, motion);
    }
  }

  /** The impulse that stops the row and takes back a share of its slip. */
  private stickingImpulse(i: number, { velocities, displacements }: GripMotion): number {
    const slip = this.offsets[i] + displacements[this.first + i];
    const velocity = velocities[this.first + i] + (SLIP_SHARE * slip) / H;
    return this.impulses[i] - FRICTION_SHARE * this.masses[i] * velocity;
  }

  private addAnchor(
    motion: GripMotion,
    finger: number,
    points: Float64Array,
    point: number,
    n: Float64Array,
  ): void {
    const t = this.tangent;
    // Perpendicular to the normal and to the world axis that is furthest from it.
    const flat = Math.abs(n[0]) < Math.SQRT1_2;
    const length = flat ? Math.sqrt(n[1] * n[1] + n[2] * n[2]) : Math.sqrt(n[0] * n[0] + n[1] * n[1]);
    t[0] = flat ? 0 : -n[1] / length;
    t[1] = flat ? -n[2] / length : n[0] / length;
    t[2] = flat ? n[1] / length : 0;
    this.addRow(motion, finger, points, point, t);
    const [x, y, z] = t;
    t[0] = n[1] * z - n[2] * y;
    t[1] = n[2] * x - n[0] * z;
    t[2] = n[0] * y - n[1] * x;
    this.addRow(motion, finger, points, point, t);
  }

  private addRow(
    motion: GripMotion,
    finger: number,
    points: Float64Array,
    point: number,
    direction: Float64Array,
  ): void {
    const row = motion.addRow(finger, points, 3 * point, direction);
    if (this.count === 0) this.first = row;
    this.masses[this.count++] = 1 / motion.mobility(row);
  }

  private push(i: number, total: number, motion: GripMotion): void {
    motion.push(this.first + i, total - this.impulses[i]);
    this.impulses[i] = total;
  }
}

/** The two of `points` [count, 3] with the largest distance; the same one twice if there is only one. */
function furthestApart(points: Float64Array, count: number): [number, number] {
  let pair: [number, number] = [0, 0];
  let largest = 0;
  for (let i = 0; i < count; i++) {
    for (let k = i + 1; k < count; k++) {
      const x = points[3 * k] - points[3 * i];
      const y = points[3 * k + 1] - points[3 * i + 1];
      const z = points[3 * k + 2] - points[3 * i + 2];
      const squared = x * x + y * y + z * z;
      if (squared <= largest) continue;
      largest = squared;
      pair = [i, k];
    }
  }
  return pair;
}
