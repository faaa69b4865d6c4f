import type { Actor } from '../bodies/actor.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA_WRISTCAM } from '../robots/panda_wristcam.js';
import { HALF_SIZE, scatter, stackingCube } from './cubes.js';
import { defineTask } from './define_task.js';
import { isStatic, planarDistance } from './measures.js';
import type { RobotState } from './robot_state.js';

/** The cubes start farther apart than this. */
const SPAWN_GAP = 2 * HALF_SIZE * Math.SQRT2;
/** Cubes are near each other up to this distance along the table, and one is on another from this difference in height. */
const MAX_OFFSET = 2 * HALF_SIZE * Math.SQRT2 + 0.005;
const MIN_HEIGHT = 0.02;

/** ManiSkill's StackPyramid-v1: put the red cube beside the green one, and the blue one on top of both. */
export const STACK_PYRAMID = defineTask({
  id: 'StackPyramid-v1',
  robot: PANDA_WRISTCAM,
  basePose: DEFAULT_BASE_POSE,
  horizon: 250,
  camera: { eye: [0.6, 0.7, 0.6], target: [0, 0, 0.35], verticalFovRadians: 1 },
  // The camera on the hand isn't the same in a mirror.
  isSymmetric: false,
  bodies: () => ({
    cubeA: stackingCube(0xe5342b),
    cubeB: stackingCube(0x2c9b4b),
    cubeC: stackingCube(0x1f55c0),
  }),
  spawn: ({ bodies: { cubeA, cubeB, cubeC } }, random) =>
    scatter([cubeA, cubeB, cubeC], 0, 0, SPAWN_GAP, random),
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    cubeA_pose: { kind: 'pose', of: ({ bodies }) => bodies.cubeA.pose },
    cubeB_pose: { kind: 'pose', of: ({ bodies }) => bodies.cubeB.pose },
    cubeC_pose: { kind: 'pose', of: ({ bodies }) => bodies.cubeC.pose },
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
