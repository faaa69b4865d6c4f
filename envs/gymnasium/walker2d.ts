import { leg, torsoOn } from './mujoco/legs.js';
import { mujocoTask } from './mujoco/mujoco_task.js';
import { PLANAR_WALK } from './mujoco/planar_walk.js';

const FOOT = { reach: 0.2, radius: 0.06, halfLength: 0.1, friction: 1.9 };
const SIDES = ['', '_left'];
const PURPLE = [0.7, 0.3, 0.6, 1] as const;

/** Gymnasium's Walker2d-v5: two legs in a plane are to walk ahead, and must not fall. */
export const WALKER2D = mujocoTask({
  id: 'Walker2d-v5',
  horizon: 1000,
  model: {
    name: 'walker2d',
    compiler: {},
    option: { integrator: 'RK4', timestep: 0.002 },
    joint: { armature: 0.01, damping: 0.1, limited: true },
    geom: { contype: 1, conaffinity: 0, condim: 3, density: 1000, friction: [0.7, 0.1, 0.1] },
    ctrlrange: [-1, 1],
    world: [{ type: 'plane', size: [40, 40, 40], conaffinity: 1, condim: 3 }],
    body: torsoOn([leg(SIDES[0], FOOT), leg(SIDES[1], FOOT, PURPLE)]),
    motors: SIDES.flatMap((side) =>
      ['thigh', 'leg', 'foot'].map((part) => ({ joint: `${part}${side}_joint`, gear: 100 })),
    ),
  },
  ...PLANAR_WALK,
  isTerminal(observations, at) {
    const height = observations[at];
    const pitch = observations[at + 1];
    return !(height > 0.8 && height < 2 && Math.abs(pitch) < 1);
  },
  referenceScores: {
    random: 1.629008,
    expert: 4592.3,
    source: "D4RL's `infos.py`, for gym's Walker2d-v2",
  },
});
