import { controlCost } from './control_cost.js';
import type { MujocoTask } from './task.js';

/** The parts of Hopper and Walker2d in which their tasks are the same: going ahead is rewarded, and not to have fallen. */
export const PLANAR_WALK = {
  frameSkip: 4,
  resetNoise: { scale: 5e-3, velocities: 'uniform' },
  hiddenPositions: 1,
  velocityLimit: 10,
  look: {
    camera: { eye: [0, -3.6, 1.1], target: [0, 0, 0.75], verticalFovRadians: 0.7 },
    reach: 2,
    follows: true,
  },
  rewardTerms: ['forward', 'survive', 'ctrl'],
  rate({ action, forwardVelocity, isHealthy }, terms) {
    terms.forward = forwardVelocity;
    terms.survive = isHealthy ? 1 : 0;
    terms.ctrl = -controlCost(1e-3, action);
  },
} as const satisfies Partial<MujocoTask>;
