import { box, dynamic } from '../bodies/description.js';
import { goalRegion, layGoalRegion } from '../bodies/goal_region.js';
import { peg } from '../bodies/peg.js';
import { POKE_CUBE_SCRIPT } from '../experts/scripts/poke_cube.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { closeness, distance, lastEulerAngle, planarDistance } from './measures.js';

const CUBE_HALF_SIZE = 0.02;
const PEG_HALF_LENGTH = 0.12;
const PEG_HALF_WIDTH = 0.025;
const SPAWN_HALF_RANGE = 0.1;
const MAX_CUBE_YAW = Math.PI / 6;
/** Distances along x: of the cube's centre from the peg's, and of the goal's from the cube's. */
const CUBE_DISTANCE = PEG_HALF_LENGTH + CUBE_HALF_SIZE + 0.08;
const GOAL_DISTANCE = 0.1;
const GOAL_RADIUS = 0.05;
const FITTING_ANGLE = 0.05;
const FITTING_DISTANCE = CUBE_HALF_SIZE + 0.005;
const STATIC_SPEED = 0.2;
const REACHED_DISTANCE = 0.01;

/** ManiSkill's PokeCube-v1: take the peg and push the cube into a goal region with its head. */
export const POKE_CUBE = defineTask({
  id: 'PokeCube-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  camera: { eye: [0.75, 0.75, 0.6], target: [0.08, 0, 0.15], verticalFovRadians: 1 },
  // The head of the peg is observed along the world's x axis from its middle, however the peg is turned.
  symmetries: ['mirror'],
  bodies: () => ({
    cube: dynamic(
      box([CUBE_HALF_SIZE, CUBE_HALF_SIZE, CUBE_HALF_SIZE], { color: 0xf0b429, roughness: 0.45 }),
    ),
    peg: peg(PEG_HALF_LENGTH, PEG_HALF_WIDTH),
    goal_region: goalRegion(GOAL_RADIUS),
  }),
  spawn({ bodies: { cube, peg, goal_region: goal } }, random) {
    const inRange = () => random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    peg.place(inRange(), inRange(), PEG_HALF_WIDTH);
    const x = peg.position[0] + CUBE_DISTANCE;
    const y = inRange();
    cube.place(x, y, CUBE_HALF_SIZE, random.uniform(-MAX_CUBE_YAW, MAX_CUBE_YAW));
    layGoalRegion(goal, x + GOAL_DISTANCE, y);
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    cube_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cube.pose },
    peg_pose: { kind: 'pose', of: ({ bodies }) => bodies.peg.pose },
    // ManiSkill observes the peg's position by this name.
    goal_pos: { kind: 'position', of: ({ bodies }) => bodies.peg.position },
    tcp_to_peg_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.peg.position,
    },
    peg_to_cube_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.peg.position,
      to: ({ bodies }) => bodies.cube.position,
    },
    cube_to_goal_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cube.position,
      to: ({ bodies }) => bodies.goal_region.position,
    },
    // ManiSkill's name for the way from the cube to the head.
    peghead_to_cube_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cube.position,
      to: ({ bodies }) => headOf(bodies.peg.position),
    },
  },
  flags: ['is_cube_placed', 'is_peg_cube_fit', 'is_peg_grasped'],
  numbers: ['angle_diff', 'head_to_cube_dist'],
  evaluate({ bodies: { cube, peg, goal_region: goal }, robot, flags, numbers }) {
    numbers.angle_diff = Math.abs(lastEulerAngle(peg.quaternion) - lastEulerAngle(cube.quaternion));
    numbers.head_to_cube_dist = planarDistance(headOf(peg.position), cube.position);
    flags.is_cube_placed = planarDistance(cube.position, goal.position) < GOAL_RADIUS;
    flags.is_peg_cube_fit =
      numbers.angle_diff < FITTING_ANGLE && numbers.head_to_cube_dist <= FITTING_DISTANCE;
    flags.is_peg_grasped = robot.isGrasping(peg);
    return flags.is_cube_placed && robot.largestSpeed <= STATIC_SPEED;
  },
  reward: {
    success: 10,
    terms: ['reaching', 'grasping', 'meeting', 'aligning', 'poking', 'stopping'],
    rate({ bodies: { cube, peg, goal_region: goal }, robot, flags, numbers }, terms) {
      const away = distance(peg.position, robot.tcpPosition);
      const isHeld = flags.is_peg_grasped && away < REACHED_DISTANCE;
      const isFit = isHeld && flags.is_peg_cube_fit;
      terms.reaching = isHeld ? 0 : 2 * closeness(away);
      terms.grasping = isHeld ? 4 : 0;
      terms.meeting = isFit ? 3 : isHeld ? closeness(numbers.head_to_cube_dist) : 0;
      terms.aligning = isHeld && !isFit ? closeness(numbers.angle_diff) : 0;
      terms.poking = isFit ? closeness(distance(cube.position, goal.position)) : 0;
      terms.stopping = flags.is_cube_placed ? closeness(robot.speed) : 0;
    },
  },
  expert: POKE_CUBE_SCRIPT,
});

const head = new Float64Array(3);

/** The place of the peg's head in ManiSkill, which does not turn it with the peg; written over by the next call. */
function headOf(pegPosition: Float32Array): Float64Array {
  head.set(pegPosition);
  head[0] += PEG_HALF_LENGTH;
  return head;
}
