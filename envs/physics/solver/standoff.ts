import { Clearance } from '../collision/clearance.js';
import type { Manifold } from '../collision/manifold.js';
import type { PosedShape } from '../collision/posed.js';
import { MARGIN } from './approach.js';
import { type PartMotion, turningSpeed } from './part_motion.js';
import { H, ITERATIONS } from './timing.js';

const STEP = ITERATIONS * H;
/** Shapes this much further apart than the reach of contacts, metres, surely have no contact points. */
const REACH_MARGIN = 1e-4;

/** The certainty, while it lasts, that two shapes stay apart, by what has moved since their contact points were found. */
export class Standoff {
  /** True while the shapes surely stay apart to the end of the step. */
  isCertain = false;
  private readonly clearance = new Clearance();

  /** @param motion of the part that has the shape `a`, and of the one that has `b`. */
  constructor(
    private readonly a: PosedShape,
    private readonly b: PosedShape,
    private readonly motion: PartMotion,
    private readonly otherMotion: PartMotion,
  ) {}

  /**
   * True if the points in `manifold` need not be found again: the shapes are still out of reach, or surely stay apart in
   * this step.
   */
  isClear(manifold: Manifold): boolean {
    const { a, b, motion, otherMotion } = this;
    if (manifold.count === 0) return this.clearance.isLeft(a, b);
    const left = this.clearance.left(a, b);
    if (left <= 0) {
      this.isCertain = false;
      return false;
    }
    const x = motion.linear[0] - otherMotion.linear[0];
    const y = motion.linear[1] - otherMotion.linear[1];
    const z = motion.linear[2] - otherMotion.linear[2];
    const turning = turningSpeed(a, motion) + turningSpeed(b, otherMotion);
    this.isCertain = left > STEP * (Math.sqrt(x * x + y * y + z * z) + turning);
    return this.isCertain;
  }

  /** Takes note of the points that have been found within `reach` metres. */
  note(manifold: Manifold, reach: number): void {
    const { count, depth, gap } = manifold;
    this.clearance.note(this.a, this.b, count > 0 ? depth - MARGIN : gap - reach - REACH_MARGIN);
    this.isClear(manifold);
  }

  forget(): void {
    this.clearance.forget();
    this.isCertain = false;
  }
}
