import { box, dynamic } from '../bodies/description.js';
import { goalRegion, layGoalRegion } from '../bodies/goal_region.js';
import { slideCube } from '../experts/scripts/slide_cube.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { closeness, planarDistance } from './measures.js';

const HALF_SIZE = 0.02;
const SPAWN_HALF_RANGE = 0.1;
const GOAL_DISTANCE = 0.2;
const GOAL_RADIUS = 0.1;
/**
 * Place that the reward wants the tool at: this far beyond the cube's centre, and within this distance of that place.
 */
const PULL_OFFSET = HALF_SIZE + 0.01;
const REACHED_DISTANCE = 0.01;

/** ManiSkill's PullCube-v1: pull the cube along the table into a goal region nearer to the robot. */
export const PULL_CUBE = defineTask({
  id: 'PullCube-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  camera: { eye: [-0.3, 0.95, 0.55], target: [-0.26, 0, 0.2], verticalFovRadians: 1 },
  // The reward leads the tool to the cube along the world's x axis, wherever the robot looks.
  symmetries: ['mirror'],
  bodies: () => ({
    cube: dynamic(box([HALF_SIZE, HALF_SIZE, HALF_SIZE], { color: 0x2b7de9, roughness: 0.45 })),
    goal_region: goalRegion(GOAL_RADIUS),
  }),
  spawn({ bodies: { cube, goal_region: goal } }, random) {
    const x = random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    const y = random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    cube.place(x, y, HALF_SIZE);
    layGoalRegion(goal, x - GOAL_DISTANCE, y);
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    goal_pos: { kind: 'position', of: ({ bodies }) => bodies.goal_region.position },
    obj_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cube.pose },
  },
  evaluate: ({ bodies: { cube, goal_region: goal } }) =>
    planarDistance(cube.position, goal.position) < GOAL_RADIUS,
  reward: {
    success: 3,
    terms: ['reaching', 'pulling'],
    rate({ bodies: { cube, goal_region: goal }, robot }, terms) {
      const [x, y, z] = cube.position;
      const away = Math.hypot(
        x + PULL_OFFSET - robot.tcpPosition[0],
        y - robot.tcpPosition[1],
        z - robot.tcpPosition[2],
      );
      terms.reaching = closeness(away);
      terms.pulling = away < REACHED_DISTANCE ? closeness(planarDistance(cube.position, goal.position)) : 0;
    },
  },
  // Fingers down and 15° forwards, opening along y: upright, they move slowly far from the robot.
  expert: slideCube(-1, [0, Math.cos(Math.PI / 24), 0, Math.sin(Math.PI / 24)]),
});
