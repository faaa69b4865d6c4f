import { RIGID_BODIES, type RigidBodyData } from './model_data.js';

/** The Panda's constants: joints, frames, drives and the seven moving rigid bodies. SI units. */
export const ARM_JOINTS = 7;
/** Arm joints and the two fingers. */
export const ROBOT_JOINTS = 9;

/** Physics step and the number of them per control step: 100 Hz and 20 Hz, as in ManiSkill. */
export const PHYSICS_TIMESTEP = 0.01;
export const SUBSTEPS_PER_CONTROL_STEP = 5;

/** Position of each joint in the frame of the link before it. */
export const JOINT_ORIGINS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0.333],
  [0, 0, 0],
  [0, -0.316, 0],
  [0.0825, 0, 0],
  [-0.0825, 0.384, 0],
  [0, 0, 0],
  [0.088, 0, 0],
];

/** Quarter turns about x that each joint frame makes against the link before it; the joint then turns about z. */
export const JOINT_ROLLS: readonly (-1 | 0 | 1)[] = [0, -1, 1, 1, -1, 1, 1];

export const JOINT_LOWER_LIMITS: readonly number[] = [
  -2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973,
];
export const JOINT_UPPER_LIMITS: readonly number[] = [
  2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973,
];

/** Distances along z: of the hand frame from link 7, of the tool centre point and finger origins from the hand. */
export const HAND_OFFSET = 0.107;
export const TCP_OFFSET = 0.1034;
export const FINGER_OFFSET = 0.0584;
/** The hand frame is turned by −45° about link 7's z axis. */
export const HAND_YAW = -Math.PI / 4;

/**
 * The arm in a mirror along its x axis: joint q is at sign·q + offset there. The last one's offset undoes the hand's yaw.
 */
export const MIRRORED_JOINTS: readonly { sign: 1 | -1; offset: number }[] = [
  { sign: -1, offset: 0 },
  { sign: 1, offset: 0 },
  { sign: -1, offset: 0 },
  { sign: 1, offset: 0 },
  { sign: -1, offset: 0 },
  { sign: 1, offset: 0 },
  { sign: -1, offset: -2 * HAND_YAW },
];

export const FINGER_UPPER_LIMIT = 0.04;
export const FINGER_FRICTION = 2;
export const LINK_FRICTION = 0.3;

/** Joint drives of arm and fingers: N·m/rad and N·m·s/rad (N/m and N·s/m), limited to `force`. */
export const DRIVE = { stiffness: 1000, damping: 100, force: 100 } as const;

/** Loss of joint velocity per second. */
export const LINK_DAMPING = 0.05;

/** Base position (3) and quaternion wxyz (4) in most tasks. */
export const DEFAULT_BASE_POSE: readonly number[] = [-0.615, 0, 0, 1, 0, 0, 0];

/** The fingers' opening at which their masses are fixed to the last body of the arm. */
const LUMPED_FINGER_OPENING = 0.03;

/**
 * The rigid bodies of the seven arm joints; the last one carries the hand, both fingers and what is fixed to the hand,
 * `onHand`, given in the hand's frame.
 */
export function armBodies(onHand: readonly RigidBodyData[]): RigidBodyData[] {
  const { link1, link2, link3, link4, link5, link6, link7, hand, finger } = RIGID_BODIES;
  const fingers = [LUMPED_FINGER_OPENING, -LUMPED_FINGER_OPENING].map((y) => ({
    ...finger,
    centreOfMass: inLink7([0, y, FINGER_OFFSET]),
  }));
  const last = lump([link7, turnedIntoLink7(hand), ...fingers, ...onHand.map(turnedIntoLink7)]);
  return [link1, link2, link3, link4, link5, link6, last];
}

const YAW_COS = Math.cos(HAND_YAW);
const YAW_SIN = Math.sin(HAND_YAW);

/** A point of the hand's frame in link 7's. */
function inLink7([x, y, z]: readonly number[]): number[] {
  return [YAW_COS * x - YAW_SIN * y, YAW_SIN * x + YAW_COS * y, z + HAND_OFFSET];
}

/** A body given in the hand's frame, in link 7's. */
function turnedIntoLink7({ mass, centreOfMass, inertia }: RigidBodyData): RigidBodyData {
  const [xx, xy, xz, yy, yz, zz] = inertia;
  const cos = YAW_COS;
  const sin = YAW_SIN;
  return {
    mass,
    centreOfMass: inLink7(centreOfMass),
    inertia: [
      cos * cos * xx - 2 * cos * sin * xy + sin * sin * yy,
      cos * sin * (xx - yy) + (cos * cos - sin * sin) * xy,
      cos * xz - sin * yz,
      sin * sin * xx + 2 * cos * sin * xy + cos * cos * yy,
      sin * xz + cos * yz,
      zz,
    ],
  };
}

/** Joins bodies given in one frame into one, by the parallel axis theorem. */
function lump(bodies: readonly RigidBodyData[]): RigidBodyData {
  const mass = bodies.reduce((sum, body) => sum + body.mass, 0);
  const centreOfMass = [0, 1, 2].map(
    (axis) => bodies.reduce((sum, body) => sum + body.mass * body.centreOfMass[axis], 0) / mass,
  );
  const inertia = [0, 0, 0, 0, 0, 0];
  for (const body of bodies) {
    const [x, y, z] = body.centreOfMass.map((value, axis) => value - centreOfMass[axis]);
    const shifts = [y * y + z * z, -x * y, -x * z, x * x + z * z, -y * z, x * x + y * y];
    for (let i = 0; i < 6; i++) inertia[i] += body.inertia[i] + body.mass * shifts[i];
  }
  return { mass, centreOfMass, inertia };
}
