import { SOLVER_ITERATIONS } from './arm_solver.js';
import { ARM_JOINTS, DRIVE, FINGER_UPPER_LIMIT, PHYSICS_TIMESTEP } from './model.js';
import { RIGID_BODIES } from './model_data.js';

const H = PHYSICS_TIMESTEP / SOLVER_ITERATIONS;
const MOBILITY = 1 / RIGID_BODIES.finger.mass;
const MAX_IMPULSE = DRIVE.force * PHYSICS_TIMESTEP;
const GAIN = 1 + MOBILITY * (H * DRIVE.damping + H * H * DRIVE.stiffness);

/**
 * Advances both fingers of `qpos` and `qvel` [9] by one physics step of 10 ms towards `target` (metres from closed),
 * touching nothing. The same solver as the arm's, without coupling between the joints.
 */
export function stepFreeFingers(qpos: Float64Array, qvel: Float64Array, target: number): void {
  for (let joint = ARM_JOINTS; joint < ARM_JOINTS + 2; joint++) {
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
