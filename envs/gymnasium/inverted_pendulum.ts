import { mujocoTask } from './mujoco/mujoco_task.js';

/** Turns a capsule, which stands along z, onto the rail. */
const ALONG_X = [1, 0, 1, 0] as const;
const NUMBERS = 4;

/** Gymnasium's InvertedPendulum-v5: a cart on a rail is to hold a pole upright. */
export const INVERTED_PENDULUM = mujocoTask({
  id: 'InvertedPendulum-v5',
  horizon: 1000,
  model: {
    name: 'inverted_pendulum',
    compiler: {},
    option: { integrator: 'RK4', timestep: 0.02 },
    joint: { armature: 0, damping: 1, limited: true },
    geom: { contype: 0, friction: [1, 0.1, 0.1] },
    ctrlrange: [-3, 3],
    world: [{ type: 'capsule', size: [0.02, 1], pos: [0, 0, 0], quat: ALONG_X, rgba: [0.3, 0.3, 0.7, 1] }],
    body: {
      name: 'cart',
      pos: [0, 0, 0],
      joints: [{ name: 'slider', type: 'slide', axis: [1, 0, 0], pos: [0, 0, 0], range: [-1, 1] }],
      geoms: [{ type: 'capsule', size: [0.1, 0.1], pos: [0, 0, 0], quat: ALONG_X, rgba: [0.7, 0.7, 0, 1] }],
      bodies: [
        {
          name: 'pole',
          pos: [0, 0, 0],
          joints: [{ name: 'hinge', type: 'hinge', axis: [0, 1, 0], pos: [0, 0, 0], range: [-90, 90] }],
          geoms: [
            { type: 'capsule', size: [0.049], fromto: [0, 0, 0, 0.001, 0, 0.6], rgba: [0, 0.7, 0.7, 1] },
          ],
        },
      ],
    },
    motors: [{ joint: 'slider', gear: 100 }],
  },
  frameSkip: 2,
  resetNoise: { scale: 0.01, velocities: 'uniform' },
  hiddenPositions: 0,
  look: {
    camera: { eye: [0, -3, 0.6], target: [0, 0, 0.1], verticalFovRadians: 0.75 },
    reach: 1.5,
    follows: false,
    floor: -0.5,
  },
  rewardTerms: ['survive'],
  rate({ isHealthy }, terms) {
    terms.survive = isHealthy ? 1 : 0;
  },
  isTerminal(observations, at) {
    for (let i = at; i < at + NUMBERS; i++) if (!Number.isFinite(observations[i])) return true;
    return Math.abs(observations[at + 1]) > 0.2;
  },
  referenceScores: null,
});
