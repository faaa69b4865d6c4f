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
/** The cube counts as on the table below this height of its centre. */
const MAX_HEIGHT = HALF_SIZE + 0.005;
/**
 * Place that the reward wants the tool at: this far behind the cube's centre, and within this distance of that place.
 */
const PUSH_OFFSET = HALF_SIZE + 0.005;
const REACHED_DISTANCE = 0.01;

/** ManiSkill's PushCube-v1: push the cube along the table into a goal region in front of it. */
export const PUSH_CUBE = defineTask({
  id: 'PushCube-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  camera: { eye: [0.62, 0.68, 0.5], target: [0.02, 0, 0.2], verticalFovRadians: 1 },
  // The reward leads the tool to the cube along the world's x axis, wherever the robot looks.
  symmetries: ['mirror'],
  bodies: () => ({
    cube: dynamic(box([HALF_SIZE, HALF_SIZE, HALF_SIZE], { color: 0x0c2aa0, roughness: 0.45 })),
    goal_region: goalRegion(GOAL_RADIUS),
  }),
  spawn({ bodies: { cube, goal_region: goal } }, random) {
    const x = random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    const y = random.uniform(-SPAWN_HALF_RANGE, SPAWN_HALF_RANGE);
    cube.place(x, y, HALF_SIZE);
    layGoalRegion(goal, x + GOAL_DISTANCE, y);
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    goal_pos: { kind: 'position', of: ({ bodies }) => bodies.goal_region.position },
    obj_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cube.pose },
  },
  evaluate({ bodies: { cube, goal_region: goal } }) {
    return planarDistance(cube.position, goal.position) < GOAL_RADIUS && cube.position[2] < MAX_HEIGHT;
  },
  reward: {
    success: 4,
    terms: ['reaching', 'pushing', 'staying_down'],
    rate({ bodies: { cube, goal_region: goal }, robot }, terms) {
      const [x, y, z] = cube.position;
      const away = Math.hypot(
        x - PUSH_OFFSET - robot.tcpPosition[0],
        y - robot.tcpPosition[1],
        z - robot.tcpPosition[2],
      );
      const placed = away < REACHED_DISTANCE ? closeness(planarDistance(cube.position, goal.position)) : 0;
      terms.reaching = closeness(away);
      terms.pushing = placed;
      terms.staying_down = placed * closeness(Math.abs(z - HALF_SIZE));
    },
  },
  // Fingers down and 30° forwards, opening along y: upright, they don't reach far enough.
  expert: slideCube(1, [0, Math.cos(Math.PI / 12), 0, Math.sin(Math.PI / 12)]),
});
