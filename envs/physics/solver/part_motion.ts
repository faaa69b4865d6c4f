import type { PosedShape } from '../collision/posed.js';

/** Motion of a part of a mover in a physics step; all [3], world frame. */
export interface PartMotion {
  /** Place of its centre of mass at the beginning, and how fast it moves and turns before anything holds it. */
  readonly centre: Float64Array;
  readonly linear: Float64Array;
  readonly angular: Float64Array;
  /**
   * Distance of the centre of mass by now from where the first velocities of its mover lead: what turns about an axis
   * moves along a circle.
   */
  readonly bend: Float64Array;
}

/** Motion of what never moves. */
export const STILL: PartMotion = newPartMotion();

/** A motion that is still. */
export function newPartMotion(): PartMotion {
  const [centre, linear, angular, bend] = [0, 1, 2, 3].map(() => new Float64Array(3));
  return { centre, linear, angular, bend };
}

/** Upper limit of the speed that a shape has because its part turns. */
export function turningSpeed({ position: p, radius }: PosedShape, { centre, angular }: PartMotion): number {
  const turning = Math.sqrt(angular[0] * angular[0] + angular[1] * angular[1] + angular[2] * angular[2]);
  if (turning === 0) return 0;
  const x = p[0] - centre[0];
  const y = p[1] - centre[1];
  const z = p[2] - centre[2];
  return turning * (radius + Math.sqrt(x * x + y * y + z * z));
}

/**
 * Adds the speeds along `n` [3] of the first `count` world points in `points` on a part that moves so, times `sign`, to
 * `out`.
 */
export function addSpeeds(
  { centre, linear, angular }: PartMotion,
  n: Float64Array,
  points: Float64Array,
  count: number,
  sign: 1 | -1,
  out: Float64Array,
): void {
  for (let point = 0, at = 0; point < count; point++, at += 3) {
    const x = points[at] - centre[0];
    const y = points[at + 1] - centre[1];
    const z = points[at + 2] - centre[2];
    const speed =
      n[0] * (linear[0] + angular[1] * z - angular[2] * y) +
      n[1] * (linear[1] + angular[2] * x - angular[0] * z) +
      n[2] * (linear[2] + angular[0] * y - angular[1] * x);
    out[point] += sign * speed;
  }
}
