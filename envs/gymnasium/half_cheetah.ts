import { controlCost } from './mujoco/control_cost.js';
import { planarRoot } from './mujoco/legs.js';
import type { Body, Geom, Vector } from './mujoco/model.js';
import { mujocoTask } from './mujoco/mujoco_task.js';

const RADIUS = 0.046;
const PALE_RED = [0.9, 0.6, 0.6, 1] as const;

/** A capsule about the middle `pos`, turned about y by `angle` radians. */
function bone(pos: Vector, angle: number, halfLength: number): Geom {
  return { type: 'capsule', size: [RADIUS, halfLength], pos, axisangle: [0, 1, 0, angle] };
}

/** A part of a leg: a body at `pos`, on a hinge about y with a spring that holds it where the model has it. */
function part(
  name: string,
  pos: Vector,
  hinge: { range: readonly [number, number]; damping: number; stiffness: number },
  geom: Geom,
  bodies: readonly Body[] = [],
): Body {
  const joint = { name, type: 'hinge', axis: [0, 1, 0], pos: [0, 0, 0], ...hinge } as const;
  return { name, pos, joints: [joint], geoms: [geom], bodies };
}

const BACK_FOOT = part(
  'bfoot',
  [-0.28, 0, -0.14],
  { range: [-0.4, 0.785], damping: 3, stiffness: 120 },
  { ...bone([0.03, 0, -0.097], -0.27, 0.094), rgba: PALE_RED },
);
const BACK_SHIN = part(
  'bshin',
  [0.16, 0, -0.25],
  { range: [-0.785, 0.785], damping: 4.5, stiffness: 180 },
  { ...bone([-0.14, 0, -0.07], -2.03, 0.15), rgba: PALE_RED },
  [BACK_FOOT],
);
const BACK_THIGH = part(
  'bthigh',
  [-0.5, 0, 0],
  { range: [-0.52, 1.05], damping: 6, stiffness: 240 },
  bone([0.1, 0, -0.13], -3.8, 0.145),
  [BACK_SHIN],
);
const FRONT_FOOT = part(
  'ffoot',
  [0.13, 0, -0.18],
  { range: [-0.5, 0.5], damping: 1.5, stiffness: 60 },
  { ...bone([0.045, 0, -0.07], -0.6, 0.07), rgba: PALE_RED },
);
const FRONT_SHIN = part(
  'fshin',
  [-0.14, 0, -0.24],
  { range: [-1.2, 0.87], damping: 3, stiffness: 120 },
  { ...bone([0.065, 0, -0.09], -0.6, 0.106), rgba: PALE_RED },
  [FRONT_FOOT],
);
const FRONT_THIGH = part(
  'fthigh',
  [0.5, 0, 0],
  { range: [-1, 0.7], damping: 4.5, stiffness: 180 },
  bone([-0.07, 0, -0.12], 0.52, 0.133),
  [FRONT_SHIN],
);

/** Gymnasium's HalfCheetah-v5: two legs and a back in a plane are to run ahead; however they fall, the episode goes on. */
export const HALF_CHEETAH = mujocoTask({
  id: 'HalfCheetah-v5',
  horizon: 1000,
  model: {
    name: 'half_cheetah',
    compiler: { angle: 'radian', settotalmass: 14 },
    option: { timestep: 0.01 },
    joint: {
      armature: 0.1,
      damping: 0.01,
      limited: true,
      solimplimit: [0, 0.8, 0.03],
      solreflimit: [0.02, 1],
      stiffness: 8,
    },
    geom: {
      contype: 1,
      conaffinity: 0,
      condim: 3,
      friction: [0.4, 0.1, 0.1],
      solimp: [0, 0.8, 0.01],
      solref: [0.02, 1],
    },
    ctrlrange: [-1, 1],
    world: [{ type: 'plane', size: [40, 40, 40], conaffinity: 1, condim: 3 }],
    body: {
      name: 'torso',
      pos: [0, 0, 0.7],
      joints: planarRoot(0),
      geoms: [
        { type: 'capsule', size: [RADIUS], fromto: [-0.5, 0, 0, 0.5, 0, 0] },
        bone([0.6, 0, 0.1], 0.87, 0.15),
      ],
      bodies: [BACK_THIGH, FRONT_THIGH],
    },
    motors: [
      { joint: 'bthigh', gear: 120 },
      { joint: 'bshin', gear: 90 },
      { joint: 'bfoot', gear: 60 },
      { joint: 'fthigh', gear: 120 },
      { joint: 'fshin', gear: 60 },
      { joint: 'ffoot', gear: 30 },
    ],
  },
  frameSkip: 5,
  resetNoise: { scale: 0.1, velocities: 'normal' },
  hiddenPositions: 1,
  look: {
    camera: { eye: [0.4, -3.2, 1], target: [0, 0, 0.5], verticalFovRadians: 0.6 },
    reach: 2,
    follows: true,
  },
  rewardTerms: ['forward', 'ctrl'],
  rate({ action, forwardVelocity }, terms) {
    terms.forward = forwardVelocity;
    terms.ctrl = -controlCost(0.1, action);
  },
  isTerminal: () => false,
  referenceScores: {
    random: -280.178953,
    expert: 12135,
    source: "D4RL's `infos.py`, for gym's HalfCheetah-v2",
  },
});
