import { MAX_POINTS, type Manifold } from '../collision/manifold.js';
import { addSpeeds, type PartMotion } from './part_motion.js';
import { H, ITERATIONS } from './timing.js';

/** Contacts that stay further apart than this, metres, at their present velocities are left out of a step. */
export const MARGIN = 0.004;
const STEP = ITERATIONS * H;
/** Time over which an impulse that stops both sides at once would stop them, seconds: a step and the iteration for velocities. */
const STOPPING_TIME = (ITERATIONS + 1) * H;

/** The speeds at which the points of a contact part, before anything pushes them. */
export class Approach {
  private readonly speeds = new Float64Array(MAX_POINTS);

  /** Finds the speed of each point along the normal. Returns false if all stay apart at these speeds. */
  isTouchExpected(manifold: Manifold, motion: PartMotion, otherMotion: PartMotion): boolean {
    const { speeds } = this;
    const { count, normal, points, separations } = manifold;
    speeds.fill(0);
    addSpeeds(motion, normal, points, count, 1, speeds);
    addSpeeds(otherMotion, normal, points, count, -1, speeds);
    let nearest = Infinity;
    for (let point = 0; point < count; point++) {
      const separation = separations[point];
      nearest = Math.min(nearest, separation + STEP * speeds[point], separation);
    }
    return nearest <= MARGIN;
  }

  /** The speed, m/s, that has to be taken from a point so that it stops in time. */
  excess({ separations }: Manifold, point: number): number {
    return -separations[point] / STOPPING_TIME - this.speeds[point];
  }

  /** True if a point has to be stopped. */
  isPressing(manifold: Manifold): boolean {
    for (let point = 0; point < manifold.count; point++) if (this.excess(manifold, point) > 0) return true;
    return false;
  }
}
