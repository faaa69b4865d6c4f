import { controlCost } from './mujoco/control_cost.js';
import type { Body, Vector } from './mujoco/model.js';
import { FORCE_LIMIT, mujocoTask } from './mujoco/mujoco_task.js';

const RADIUS = 0.08;
/** Positions and velocities among what is observed; the forces on bodies follow. */
const STATE_NUMBERS = 27;

/** The legs in the order of the model: names, and where they stand: +1 or −1 along x and y. */
const LEGS = [
  { name: 'front_left_leg', x: 1, y: 1 },
  { name: 'front_right_leg', x: -1, y: 1 },
  { name: 'back_leg', x: -1, y: -1 },
  { name: 'right_back_leg', x: 1, y: -1 },
] as const;

/** A leg: a stump on the torso, a thigh that swings about z on its end, and a shin that bends on the end of that. */
function legOf({ name, x, y }: (typeof LEGS)[number], index: number): Body {
  const number = index + 1;
  const bone = (length: number) =>
    ({ type: 'capsule', size: [RADIUS], fromto: [0, 0, 0, length * x, length * y, 0] }) as const;
  const end: Vector = [0.2 * x, 0.2 * y, 0];
  const shin: Body = {
    name: `shin_${number}`,
    pos: end,
    joints: [
      {
        name: `ankle_${number}`,
        type: 'hinge',
        axis: x === y ? [-1, 1, 0] : [1, 1, 0],
        pos: [0, 0, 0],
        range: x === 1 ? [30, 70] : [-70, -30],
      },
    ],
    geoms: [bone(0.4)],
  };
  const thigh: Body = {
    name: `thigh_${number}`,
    pos: end,
    joints: [{ name: `hip_${number}`, type: 'hinge', axis: [0, 0, 1], pos: [0, 0, 0], range: [-30, 30] }],
    geoms: [bone(0.2)],
    bodies: [shin],
  };
  return { name, pos: [0, 0, 0], geoms: [bone(0.2)], bodies: [thigh] };
}

/** Gymnasium's Ant-v5: four legs on a ball are to run along x, and must neither sink nor leap. */
export const ANT = mujocoTask({
  id: 'Ant-v5',
  horizon: 1000,
  model: {
    name: 'ant',
    compiler: {},
    option: { integrator: 'RK4', timestep: 0.01 },
    joint: { armature: 1, damping: 1, limited: true },
    geom: { conaffinity: 0, condim: 3, density: 5, friction: [1, 0.5, 0.5], margin: 0.01 },
    ctrlrange: [-1, 1],
    world: [{ type: 'plane', size: [40, 40, 40], conaffinity: 1, condim: 3 }],
    body: {
      name: 'torso',
      pos: [0, 0, 0.75],
      joints: [{ name: 'root', type: 'free', armature: 0, damping: 0, limited: false, margin: 0.01 }],
      geoms: [{ type: 'sphere', size: [0.25], pos: [0, 0, 0] }],
      bodies: LEGS.map(legOf),
    },
    motors: [4, 1, 2, 3].flatMap((number) => [
      { joint: `hip_${number}`, gear: 150 },
      { joint: `ankle_${number}`, gear: 150 },
    ]),
  },
  frameSkip: 5,
  resetNoise: { scale: 0.1, velocities: 'normal' },
  hiddenPositions: 2,
  sensesTorso: true,
  look: {
    camera: { eye: [1.2, -3.4, 2.2], target: [0, 0, 0.35], verticalFovRadians: 0.7 },
    reach: 2,
    follows: true,
  },
  rewardTerms: ['forward', 'survive', 'ctrl', 'contact'],
  rate({ action, forwardVelocity, isHealthy, observed }, terms) {
    terms.forward = forwardVelocity;
    terms.survive = isHealthy ? 1 : 0;
    terms.ctrl = -controlCost(0.5, action);
    let forces = 0;
    for (let i = STATE_NUMBERS; i < observed.length; i++)
      forces += Math.min(FORCE_LIMIT, Math.abs(observed[i])) ** 2;
    terms.contact = -5e-4 * forces;
  },
  isTerminal(observations, at) {
    const height = observations[at];
    if (!(height >= 0.2 && height <= 1)) return true;
    for (let i = at; i < at + STATE_NUMBERS; i++) if (!Number.isFinite(observations[i])) return true;
    return false;
  },
  referenceScores: {
    random: -325.6,
    expert: 3879.7,
    source: "D4RL's `infos.py`, for gym's Ant-v2, which does not observe the forces",
  },
});
