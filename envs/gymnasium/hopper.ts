import { leg, torsoOn } from './mujoco/legs.js';
import { mujocoTask } from './mujoco/mujoco_task.js';
import { PLANAR_WALK } from './mujoco/planar_walk.js';

/** Observations that are positions, beginning with height and pitch; velocities follow. */
const NUMBERS = 11;

/** Gymnasium's Hopper-v5: one leg in a plane is to hop ahead, and must not fall. */
export const HOPPER = mujocoTask({
  id: 'Hopper-v5',
  horizon: 1000,
  model: {
    name: 'hopper',
    compiler: {},
    option: { integrator: 'RK4', timestep: 0.002 },
    joint: { armature: 1, damping: 1, limited: true },
    geom: {
      contype: 1,
      conaffinity: 1,
      condim: 1,
      margin: 0.001,
      solimp: [0.8, 0.8, 0.01],
      solref: [0.02, 1],
    },
    ctrlrange: [-1, 1],
    world: [{ type: 'plane', size: [20, 20, 0.125], condim: 3 }],
    body: torsoOn([leg('', { reach: 0.13, radius: 0.06, halfLength: 0.195, friction: 2 })]),
    motors: ['thigh', 'leg', 'foot'].map((part) => ({ joint: `${part}_joint`, gear: 200 })),
  },
  ...PLANAR_WALK,
  isTerminal(observations, at) {
    const height = observations[at];
    const pitch = observations[at + 1];
    if (!(height > 0.7 && Math.abs(pitch) < 0.2)) return true;
    for (let i = at + 1; i < at + NUMBERS; i++) if (!(Math.abs(observations[i]) < 100)) return true;
    return false;
  },
  referenceScores: {
    random: -20.272305,
    expert: 3234.3,
    source: "D4RL's `infos.py`, for gym's Hopper-v2 and -v3",
  },
});
