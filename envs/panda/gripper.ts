import { SOLVER_ITERATIONS } from './arm_solver.js';
import { ARM_JOINTS, DRIVE, FINGER_UPPER_LIMIT, PHYSICS_TIMESTEP } from './model.js';
import { RIGID_BODIES } from './model_data.js';

const H = PHYSICS_TIMESTEP / SOLVER_ITERATIONS;
const MOBILITY = 1 / RIGID_BODIES.finger.mass;
const MAX_IMPULSE = DRIVE.force * PHYSICS_TIMESTEP;
const GAIN = 1 + MOBILITY * (H * DRIVE.damping + H * H * DRIVE.stiffness);

/**
 * Drive target of a finger at `position` that friction of up to `friction` N holds: nearer to `position` by the way
 * over which the drive would pull that hard, and `position` itself if friction is stronger. The drives' dampers leave
 * a finger no momentum that this would have to stop.
 */
export function heldBack(target: number, position: number, friction: number): number {
  const way = target - position;
  return position + Math.sign(way) * Math.max(0, Math.abs(way) - friction / DRIVE.stiffness);
}

/**
 * Advances both fingers of `qpos` and `qvel` [9] by one physics step of 10 ms towards `targets` [2] (metres from closed),
 * touching nothing. The same solver as the arm's, without coupling between the joints.
 */
export function stepFreeFingers(qpos: Float64Array, qvel: Float64Array, targets: ArrayLike<number>): void {
  for (let joint = ARM_JOINTS; joint < ARM_JOINTS + 2; joint++) {
    const target = targets[joint - ARM_JOINTS];
    let position = qpos[joint];
    let velocity = qvel[joint];
    let total = 0;
    for (let iteration = 0; iteration < SOLVER_ITERATIONS; iteration++) {
      const spring = DRIVE.stiffness * (target - position - H * velocity);
      const wanted = total + (H * (spring - DRIVE.damping * velocity)) / GAIN;
      const limited = Math.max(-MAX_IMPULSE, Math.min(MAX_IMPULSE, wanted));
      velocity += MOBILITY * (limited - total);
      total = limited;
      const next = Math.max(0, Math.min(FINGER_UPPER_LIMIT, position + H * velocity));
      if (next !== position + H * velocity) velocity = (next - position) / H;
      position = next;
    }
    qpos[joint] = position;
    qvel[joint] = velocity;
  }
}
