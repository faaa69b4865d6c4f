import { gripCube, HANDLING_FLAWS, isHeld, letGo, type Placement, putDown } from '../experts/handling.js';
import type { Script } from '../experts/script.js';
import { DEFAULT_BASE_POSE, FINGER_UPPER_LIMIT } from '../panda/model.js';
import { PANDA_WRISTCAM } from '../robots/panda_wristcam.js';
import { CUBE_HALF_SIZE, scatter, stackingCube } from './cubes.js';
import { defineTask } from './define_task.js';
import { closeness, distance, isStatic, planarDistance, stillness } from './measures.js';

const SPAWN_HALF_RANGE = 0.1;
/** The cubes start farther apart than this. */
const SPAWN_GAP = 2 * (CUBE_HALF_SIZE * Math.SQRT2 + 0.001);
/** Cube A is on cube B if it is this near to the place above it, along the table and in height. */
const MAX_OFFSET = CUBE_HALF_SIZE * Math.SQRT2 + 0.005;
const HEIGHT = 2 * CUBE_HALF_SIZE;
const HEIGHT_TOLERANCE = 0.005;

const ONTO_CUBE: Placement = {
  height: 0.03,
  slope: 1.5,
  clearance: 0.01,
  nearness: 0.08,
  landingSpeed: 0.7,
  releaseDistance: 0.015,
  releaseHeight: 0.006,
};
/** Cube A is brought to a place this far above cube B. */
const SPARE_HEIGHT = 0.002;

/** Grips cube A along its faces, carries it above cube B, and lets go of it there. */
const EXPERT: Script = {
  // Fingers down, opening along x.
  orientation: [0, Math.SQRT1_2, Math.SQRT1_2, 0],
  flaws: HANDLING_FLAWS,
  aim(sight, aim) {
    const { cubeA_pose: cubeA, cubeB_pose: cubeB } = sight.parts;
    const place = [cubeB[0], cubeB[1], cubeB[2] + HEIGHT + SPARE_HEIGHT];
    if (isHeld(sight, cubeA)) putDown(sight, cubeA, place, ONTO_CUBE, aim);
    else if (isOn(cubeA, cubeB)) letGo(sight, cubeA, aim);
    else gripCube(sight, cubeA, [cubeB], aim);
  },
};

/** ManiSkill's StackCube-v1: put the red cube on the green one, and let go of it. */
export const STACK_CUBE = defineTask({
  id: 'StackCube-v1',
  robot: PANDA_WRISTCAM,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  camera: { eye: [0.5, 0.55, 0.45], target: [-0.1, 0, 0.18], verticalFovRadians: 1 },
  // The camera on the hand isn't the same in a mirror.
  symmetries: ['turn'],
  bodies: () => ({ cubeA: stackingCube(0xe5342b), cubeB: stackingCube(0x2c9b4b) }),
  spawn({ bodies: { cubeA, cubeB } }, random) {
    const inRange = () => random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    scatter([cubeA, cubeB], inRange(), inRange(), SPAWN_GAP, random);
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    cubeA_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cubeA.pose },
    cubeB_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cubeB.pose },
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
    cubeA_to_cubeB_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cubeA.position,
      to: ({ bodies }) => bodies.cubeB.position,
    },
  },
  flags: ['is_cubeA_grasped', 'is_cubeA_on_cubeB', 'is_cubeA_static'],
  evaluate({ bodies: { cubeA, cubeB }, robot, flags }) {
    flags.is_cubeA_grasped = robot.isGrasping(cubeA);
    flags.is_cubeA_on_cubeB = isOn(cubeA.position, cubeB.position);
    flags.is_cubeA_static = isStatic(cubeA);
    return flags.is_cubeA_on_cubeB && flags.is_cubeA_static && !flags.is_cubeA_grasped;
  },
  reward: {
    success: 8,
    // One for each stage of the task; the others are 0.
    terms: ['reaching', 'carrying', 'releasing'],
    rate({ bodies: { cubeA, cubeB }, robot, flags }, terms) {
      const isOn = flags.is_cubeA_on_cubeB;
      const isCarried = flags.is_cubeA_grasped && !isOn;
      const [x, y, z] = cubeB.position;
      const opening = (robot.qpos[7] + robot.qpos[8]) / (2 * FINGER_UPPER_LIMIT);
      const released = flags.is_cubeA_grasped ? opening : 1;
      terms.reaching = isOn || isCarried ? 0 : 2 * closeness(distance(robot.tcpPosition, cubeA.position));
      terms.carrying = isCarried ? 4 + closeness(distance(cubeA.position, [x, y, z + HEIGHT])) : 0;
      terms.releasing = isOn ? 6 + (released + stillness(cubeA)) / 2 : 0;
    },
  },
  expert: EXPERT,
});

function isOn(a: Float32Array, b: Float32Array): boolean {
  return planarDistance(a, b) <= MAX_OFFSET && Math.abs(a[2] - b[2] - HEIGHT) <= HEIGHT_TOLERANCE;
}
