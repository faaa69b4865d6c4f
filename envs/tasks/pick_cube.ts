import { box, dynamic, marker, sphere } from '../bodies/description.js';
import type { Aim, Script, Sight } from '../experts/script.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { closeness, distance } from './measures.js';

const CUBE_HALF_SIZE = 0.02;
const SPAWN_HALF_RANGE = 0.1;
const MAX_GOAL_HEIGHT = 0.3;
const GOAL_RADIUS = 0.025;
const STATIC_SPEED = 0.2;

/** Goes above the cube, down, grips and carries it to the goal. */
const EXPERT: Script = {
  // Fingers down, opening along y.
  orientation: [0, 1, 0, 0],
  flaws: ['miss', 'drop', 'wrong_goal'],
  aim(sight, aim) {
    if (sight.parts.is_grasped[0] > 0.5) carry(sight, aim);
    else reach(sight, aim);
  },
};

/** ManiSkill's PickCube-v1: grasp the cube and hold it still at the goal, anywhere up to 30 cm above the table. */
export const PICK_CUBE = defineTask({
  id: 'PickCube-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  // ManiSkill's camera for people.
  camera: { eye: [0.6, 0.7, 0.6], target: [0, 0, 0.35], verticalFovRadians: 1 },
  symmetries: ['mirror', 'turn'],
  bodies: () => ({
    cube: dynamic(
      box([CUBE_HALF_SIZE, CUBE_HALF_SIZE, CUBE_HALF_SIZE], { color: 0xe5342b, roughness: 0.45 }),
    ),
    goal_site: marker(sphere(GOAL_RADIUS, { color: 0x1fbf45, roughness: 0.6, opacity: 0.5 })),
  }),
  spawn({ bodies: { cube, goal_site: goal } }, random) {
    const inRange = () => random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    cube.place(inRange(), inRange(), CUBE_HALF_SIZE, random.uniform(-Math.PI, Math.PI));
    goal.place(inRange(), inRange(), CUBE_HALF_SIZE + random.uniform(0, MAX_GOAL_HEIGHT));
  },
  observation: {
    is_grasped: { kind: 'scalar', of: ({ flags }) => flags.is_grasped },
    // Not ManiSkill's sign where joint 6 is beyond π: what policies were trained with is left as it is.
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.steadyTcpPose },
    goal_pos: { kind: 'position', of: ({ bodies }) => bodies.goal_site.position },
    obj_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cube.pose },
    tcp_to_obj_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.cube.position,
    },
    obj_to_goal_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.cube.position,
      to: ({ bodies }) => bodies.goal_site.position,
    },
  },
  flags: ['is_grasped', 'is_obj_placed', 'is_robot_static'],
  evaluate({ bodies: { cube, goal_site: goal }, robot, flags }) {
    flags.is_grasped = robot.isGrasping(cube);
    flags.is_obj_placed = distance(cube.position, goal.position) <= GOAL_RADIUS;
    flags.is_robot_static = robot.largestSpeed <= STATIC_SPEED;
    return flags.is_obj_placed && flags.is_robot_static;
  },
  reward: {
    success: 5,
    terms: ['reaching', 'grasping', 'placing', 'stopping'],
    rate({ bodies: { cube, goal_site: goal }, robot, flags }, terms) {
      terms.reaching = closeness(distance(cube.position, robot.tcpPosition));
      terms.grasping = flags.is_grasped ? 1 : 0;
      terms.placing = flags.is_grasped ? closeness(distance(cube.position, goal.position)) : 0;
      terms.stopping = flags.is_obj_placed ? closeness(robot.speed) : 0;
    },
  },
  expert: EXPERT,
});

/** Off to the side of the cube, the tool stays above it: up to 5 cm, 2 cm per centimetre beyond the first 12 mm. */
const APPROACH_HEIGHT = 0.05;
const APPROACH_SLOPE = 2;
const APPROACH_RADIUS = 0.012;
/** Closing starts when the tool centre point is this close to the cube's centre. */
const CLOSING_DISTANCE = 0.012;
const OPEN = 1;
const CLOSED = -1;

/** `miss` reaches for a point this far beside the cube. */
const MISS_DISTANCE = 0.04;
/** `wrong_goal` brings the cube to a point this far beside the goal. */
const WRONG_GOAL_DISTANCE = 0.1;
/** `drop` lets go when the cube has come this close to the goal. */
const DROP_DISTANCE = 0.06;

function carry({ parts, flaw, aside }: Sight, aim: Aim): void {
  const { tcp_pose: tcp, goal_pos: goal, obj_pose: cube } = parts;
  for (let axis = 0; axis < 3; axis++) aim.target[axis] = tcp[axis] + goal[axis] - cube[axis];
  if (flaw === 'wrong_goal') shift(aim, aside, WRONG_GOAL_DISTANCE);
  aim.gripper = flaw === 'drop' && distance(goal, cube) < DROP_DISTANCE ? OPEN : CLOSED;
}

function reach({ parts: { tcp_pose: tcp, obj_pose: cube }, flaw, aside }: Sight, aim: Aim): void {
  const { target } = aim;
  for (let axis = 0; axis < 3; axis++) target[axis] = cube[axis];
  if (flaw === 'miss') shift(aim, aside, MISS_DISTANCE);
  const dx = target[0] - tcp[0];
  const dy = target[1] - tcp[1];
  const dz = target[2] - tcp[2];
  const beside = Math.sqrt(dx * dx + dy * dy);
  aim.gripper = Math.sqrt(beside * beside + dz * dz) < CLOSING_DISTANCE ? CLOSED : OPEN;
  if (aim.gripper === CLOSED) return;
  target[2] += Math.min(APPROACH_HEIGHT, Math.max(0, (beside - APPROACH_RADIUS) * APPROACH_SLOPE));
}

function shift({ target }: Aim, aside: Float64Array, length: number): void {
  target[0] += length * aside[0];
  target[1] += length * aside[1];
}
