import {
  DRIVE,
  FINGER_UPPER_LIMIT,
  JOINT_LOWER_LIMITS,
  JOINT_UPPER_LIMITS,
  PHYSICS_TIMESTEP,
  ROBOT_JOINTS,
} from '../../panda/model.js';
import { LEFT_FINGER, RIGHT_FINGER } from './link_motion.js';
import { INDEX } from './rows.js';
import { CORRECTION, H } from './timing.js';

// Names of this file for numbers: V8 takes them for constants, but reads imported and exported ones at each use.
const STEP = H;
const JOINTS = ROBOT_JOINTS;
const BITS = INDEX;
const LEFT = LEFT_FINGER;
const RIGHT = RIGHT_FINGER;
const STIFFNESS = DRIVE.stiffness;
const DAMPING = DRIVE.damping;
const MAX_IMPULSE = DRIVE.force * PHYSICS_TIMESTEP;
/** Impulse per unit of (inverse mass)⁻¹ that an implicit spring and damper take back within one iteration. */
const IMPLICIT = H * DRIVE.damping + H * H * DRIVE.stiffness;
/** Stiffness, N/m, of the tendon by which ManiSkill lets one finger mimic the other. */
const MIMIC_STIFFNESS = 1e5;
const LOWER = Float64Array.of(...JOINT_LOWER_LIMITS, 0, 0);
const UPPER = Float64Array.of(...JOINT_UPPER_LIMITS, FINGER_UPPER_LIMIT, FINGER_UPPER_LIMIT);

/** `position` within the limits of a joint. */
export function withinLimits(joint: number, position: number): number {
  return Math.max(LOWER[joint], Math.min(UPPER[joint], position));
}

/** The rows that hold the joints themselves: their drives and limits, and the tendon between the fingers. */
export class JointRows {
  private readonly driveImpulses = new Float64Array(JOINTS);
  private readonly lowImpulses = new Float64Array(JOINTS);
  private readonly highImpulses = new Float64Array(JOINTS);
  /** [9]: 1 + (inverse mass)·h·(damping + h·stiffness) of the drives. */
  private readonly resistances = new Float64Array(JOINTS);

  /**
   * @param drifts [9]: positions that drives and limits see beyond `qpos` [9].
   * @param inverseMass [9, 9]
   * @param compliance velocity per impulse by which a joint's limits are softened.
   */
  constructor(
    private readonly qpos: Float64Array,
    private readonly targets: Float64Array,
    private readonly drifts: Float64Array,
    private readonly inverseMass: Float64Array,
    private readonly compliance: (joint: number) => number,
  ) {}

  /** Begins a physics step, at the inverse mass matrix of the step. */
  begin(): void {
    const { driveImpulses, lowImpulses, highImpulses, resistances } = this;
    for (let joint = 0; joint < JOINTS; joint++) {
      driveImpulses[joint] = 0;
      lowImpulses[joint] = 0;
      highImpulses[joint] = 0;
      resistances[joint] = 1 + this.mobility(joint) * IMPLICIT;
    }
  }

  /** Pulls the fingers towards their common opening, each by its half of the difference. `v` [9]: all velocities. */
  solveTendon(v: Float64Array): void {
    const { qpos, inverseMass: m } = this;
    const difference = (qpos[RIGHT] - qpos[LEFT]) / 2;
    const speed = (v[RIGHT] - v[LEFT]) / 2;
    const impulse = STEP * MIMIC_STIFFNESS * (difference + STEP * speed);
    const left = impulse / (1 + this.mobility(LEFT) * STEP * STEP * MIMIC_STIFFNESS);
    const right = -impulse / (1 + this.mobility(RIGHT) * STEP * STEP * MIMIC_STIFFNESS);
    for (let i = 0; i < JOINTS; i++)
      v[i] = v[i] + m[JOINTS * LEFT + i] * left + m[JOINTS * RIGHT + i] * right;
  }

  /** One sweep over drives and limits of the joints `from` to before `to`; `isLast` as in {@link Contact.solve}. */
  solve(from: number, to: number, v: Float64Array, isLast: boolean): void {
    const { qpos, targets, drifts, driveImpulses, resistances, lowImpulses, highImpulses } = this;
    for (let joint = from; joint < to; joint++) {
      if (!isLast) {
        const velocity = v[joint];
        const spring = STIFFNESS * (targets[joint] - qpos[joint] - drifts[joint] - STEP * velocity);
        const change = (STEP * (spring - DAMPING * velocity)) / resistances[joint];
        const before = driveImpulses[joint];
        const total = Math.max(-MAX_IMPULSE, Math.min(MAX_IMPULSE, before + change));
        driveImpulses[joint] = total;
        this.push(joint, total - before, v);
      }
      const position = qpos[joint] + drifts[joint];
      const next = position + STEP * v[joint];
      const low = LOWER[joint];
      const high = UPPER[joint];
      const isAtLimit = position < low || next < low || position > high || next > high;
      if (isAtLimit || lowImpulses[joint] !== 0 || highImpulses[joint] !== 0)
        this.solveLimit(joint, v, isLast);
    }
  }

  /** Solves the limits of a joint that is beyond one, or gets there in an iteration, or is held there. */
  private solveLimit(joint: number, v: Float64Array, isLast: boolean): void {
    const { lowImpulses: low, highImpulses: high } = this;
    const velocity = v[joint];
    const position = this.qpos[joint] + this.drifts[joint];
    const next = position + STEP * velocity;
    const isLow = Math.min(position, next) < LOWER[joint];
    const isHigh = !isLow && Math.max(position, next) > UPPER[joint];
    const mass = 1 / (this.mobility(joint) + this.compliance(joint));
    let change: number;
    if (isLow || isHigh) {
      const gap = (isLow ? LOWER[joint] : UPPER[joint]) - position;
      const isBeyond = isLow ? gap > 0 : gap < 0;
      const wanted = !isBeyond ? gap / STEP : isLast ? velocity : (CORRECTION * gap) / STEP;
      const impulses = isLow ? low : high;
      const free = impulses[joint] + (wanted - velocity) * mass;
      change = (isLow ? Math.max(0, free) : Math.min(0, free)) - impulses[joint];
      impulses[joint] += change;
    } else if (velocity > 0) {
      change = Math.max(-velocity * mass, -low[joint]);
      low[joint] += change;
    } else {
      change = Math.min(-velocity * mass, -high[joint]);
      high[joint] += change;
    }
    this.push(joint, change, v);
  }

  private mobility(joint: number): number {
    return this.inverseMass[(JOINTS + 1) * joint];
  }

  private push(joint: number, impulse: number, v: Float64Array): void {
    const { inverseMass: m } = this;
    const row = (JOINTS * joint) & BITS;
    // Written out, since a loop takes twice the time.
    v[0] += m[row] * impulse;
    v[1] += m[row + 1] * impulse;
    v[2] += m[row + 2] * impulse;
    v[3] += m[row + 3] * impulse;
    v[4] += m[row + 4] * impulse;
    v[5] += m[row + 5] * impulse;
    v[6] += m[row + 6] * impulse;
    v[7] += m[row + 7] * impulse;
    v[8] += m[row + 8] * impulse;
  }
}
