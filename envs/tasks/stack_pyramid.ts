import type { Actor } from '../bodies/actor.js';
import { halfExtent, yawOf } from '../experts/hand_orientation.js';
import {
  gripCube,
  HANDLING_FLAWS,
  isHeld,
  isWithin,
  letGo,
  type Placement,
  putDown,
} from '../experts/handling.js';
import type { Script, Sight } from '../experts/script.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA_WRISTCAM } from '../robots/panda_wristcam.js';
import { CUBE_HALF_SIZE, scatter, stackingCube } from './cubes.js';
import { defineTask } from './define_task.js';
import { isStatic, planarDistance } from './measures.js';
import type { RobotState } from './robot_state.js';

/** The cubes start farther apart than this. */
const SPAWN_GAP = 2 * CUBE_HALF_SIZE * Math.SQRT2;
/** Cubes are near each other up to this distance along the table, and one is on another from this difference in height. */
const MAX_OFFSET = 2 * CUBE_HALF_SIZE * Math.SQRT2 + 0.005;
const MIN_HEIGHT = 0.02;

/** Puts cube A beside cube B, and then cube C on both. It tells from where the cubes are how far it has come. */
const EXPERT: Script = {
  // Fingers down, opening along x.
  orientation: [0, Math.SQRT1_2, Math.SQRT1_2, 0],
  flaws: HANDLING_FLAWS,
  aim(sight, aim) {
    const { cubeA_pose: cubeA, cubeB_pose: cubeB, cubeC_pose: cubeC } = sight.parts;
    const top = middleOf(cubeA, cubeB);
    const isBeside = planarDistance(cubeA, cubeB) < MAX_BESIDE && cubeA[2] < LYING_HEIGHT;
    const isOnTop = planarDistance(cubeC, top) < CUBE_HALF_SIZE && cubeC[2] > MIN_TOP_HEIGHT;
    if (isHeld(sight, cubeA)) putDown(sight, cubeA, besideOf(sight), BESIDE, aim);
    else if (!isBeside) gripCube(sight, cubeA, [cubeB, cubeC], aim);
    else if (isWithin(sight, cubeA)) letGo(sight, cubeA, aim);
    else if (isHeld(sight, cubeC)) putDown(sight, cubeC, top, ON_TOP, aim);
    else if (isOnTop) letGo(sight, cubeC, aim);
    else gripCube(sight, cubeC, [cubeA, cubeB], aim);
  },
};

/** ManiSkill's StackPyramid-v1: put the red cube beside the green one, and the blue one on top of both. */
export const STACK_PYRAMID = defineTask({
  id: 'StackPyramid-v1',
  robot: PANDA_WRISTCAM,
  basePose: DEFAULT_BASE_POSE,
  horizon: 250,
  camera: { eye: [0.5, 0.55, 0.5], target: [-0.12, 0, 0.21], verticalFovRadians: 1 },
  // The camera on the hand isn't the same in a mirror.
  symmetries: ['turn'],
  bodies: () => ({
    cubeA: stackingCube(0xe5342b),
    cubeB: stackingCube(0x2c9b4b),
    cubeC: stackingCube(0x1f55c0),
  }),
  spawn: ({ bodies: { cubeA, cubeB, cubeC } }, random) =>
    scatter([cubeA, cubeB, cubeC], 0, 0, SPAWN_GAP, random),
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    cubeA_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cubeA.pose },
    cubeB_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cubeB.pose },
    cubeC_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cubeC.pose },
    tcp_to_cubeA_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.cubeA.position,
    },
    tcp_to_cubeB_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.cubeB.position,
    },
    tcp_to_cubeC_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.cubeC.position,
    },
    cubeA_to_cubeB_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cubeA.position,
      to: ({ bodies }) => bodies.cubeB.position,
    },
    cubeB_to_cubeC_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cubeB.position,
      to: ({ bodies }) => bodies.cubeC.position,
    },
    cubeA_to_cubeC_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cubeA.position,
      to: ({ bodies }) => bodies.cubeC.position,
    },
  },
  evaluate: ({ bodies: { cubeA, cubeB, cubeC }, robot }) =>
    isNear(cubeA, cubeB) &&
    isPutDown(cubeA, robot) &&
    isOn(cubeC, cubeA) &&
    isOn(cubeC, cubeB) &&
    isPutDown(cubeC, robot),
  expert: EXPERT,
});

function isNear(a: Actor, b: Actor): boolean {
  return planarDistance(a.position, b.position) <= MAX_OFFSET;
}

/** ManiSkill doesn't ask which of the two is the upper one. */
function isOn(a: Actor, b: Actor): boolean {
  return isNear(a, b) && Math.abs(a.position[2] - b.position[2]) > MIN_HEIGHT;
}

function isPutDown(cube: Actor, robot: RobotState): boolean {
  return isStatic(cube) && !robot.isGrasping(cube);
}

/** Cube A counts as beside cube B within this distance, a little less than ManiSkill's, and as put down below this height. */
const MAX_BESIDE = MAX_OFFSET - 0.001;
const LYING_HEIGHT = 0.025;
/** Cube C is on top when it is this high. */
const MIN_TOP_HEIGHT = 0.05;
/** Distance between cubes A and B, and the least space that is left between them. */
const BESIDE_DISTANCE = 0.053;
const GAP = 0.002;
/** Room that a cube and the open fingers about it need. */
const ROOM = 0.08;
/** Carries cube A above others that lie in the way. */
const BESIDE: Placement = {
  height: 0.07,
  slope: 3,
  clearance: 0.05,
  nearness: 1,
  landingSpeed: 0.7,
  releaseDistance: 0.008,
  // A cube that is held askew doesn't get lower.
  releaseHeight: 0.01,
};
/** Cube C may lie a good deal off the middle. */
const ON_TOP: Placement = { ...BESIDE, height: 0.04, slope: 2, clearance: 0.02, releaseDistance: 0.012 };

/** The place on top of two cubes. */
function middleOf(a: Float32Array, b: Float32Array): Float32Array {
  return Float32Array.of((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2 + 2 * CUBE_HALF_SIZE);
}

/**
 * The place beside cube B for cube A, across the line on which the fingers open, so that they don't meet cube B: on the side
 * where there is room beside cube C, else where cube A is.
 */
function besideOf({ parts }: Sight): Float32Array {
  const { tcp_pose: tcp, cubeA_pose: cubeA, cubeB_pose: cubeB, cubeC_pose: cubeC } = parts;
  const yaw = yawOf(tcp);
  const least = halfExtent(yawOf(cubeA) - yaw) + halfExtent(yawOf(cubeB) - yaw) + GAP;
  const away = Math.max(BESIDE_DISTANCE, least);
  const [x, y] = [Math.cos(yaw), Math.sin(yaw)];
  const across = (cube: Float32Array) => (cube[0] - cubeB[0]) * x + (cube[1] - cubeB[1]) * y;
  const place = (side: number) =>
    Float32Array.of(cubeB[0] + side * away * x, cubeB[1] + side * away * y, CUBE_HALF_SIZE);
  const near = place(Math.sign(across(cubeA)) || 1);
  return planarDistance(near, cubeC) > ROOM ? near : place(-Math.sign(across(cubeC)) || 1);
}
