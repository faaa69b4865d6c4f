import { box, dynamic } from '../bodies/description.js';
import { PULL_CUBE_TOOL_SCRIPT } from '../experts/scripts/pull_cube_tool.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { distance, planarDistance } from './measures.js';

const CUBE_HALF_SIZE = 0.02;
const HANDLE_HALF_LENGTH = 0.1;
const HOOK_HALF_LENGTH = 0.05;
const TOOL_HALF_WIDTH = 0.025;
const STEEL = { color: 0xb4b8bd, roughness: 0.35 };
/** The cube begins this much above the table, and falls. */
const DROP = 0.005;
const MAX_CUBE_YAW = Math.PI / 6;
const BASE = DEFAULT_BASE_POSE.slice(0, 3);
/** Distance of the cube from the robot's base below which it has been pulled. */
const PULLED_DISTANCE = 0.6;
/** Place that the reward wants the cube at, and the one that progress is measured to. */
const TARGET = [BASE[0] + 0.05, BASE[1], BASE[2]];
const PROGRESS_TARGET = [BASE[0] + 0.035, BASE[1], BASE[2]];
/** Distance from that place that earns nothing: that of a point out of the robot's reach. */
const FULL_DISTANCE = distance([0.45, 0, 0.01], TARGET);
/** The tool's place, seen from the cube, that has the hook behind the cube; the place to grip it, seen from the tool. */
const HOOKING_OFFSET = [-0.07, -0.067, 0];
const GRIP_OFFSET = 0.02;
const HOOKED_DISTANCE = 0.05;
/** ManiSkill counts a grip of the tool as one up to this angle, degrees. */
const GRIP_ANGLE = 20;
/** Depth of a cube in the tool: at the start, it may stand in the hook up to its top, and 5 mm above the table. */
const MAX_SPAWN_OVERLAP = 0.046;
/** Beyond this x, the cube has been pushed away. */
const LOST_X = 0.5;

/** ManiSkill's PullCubeTool-v1: take an L-shaped tool, and pull a cube with it that is out of reach. */
export const PULL_CUBE_TOOL = defineTask({
  id: 'PullCubeTool-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 100,
  camera: { eye: [0.12, 0.85, 0.6], target: [-0.17, -0.1, 0.15], verticalFovRadians: 1 },
  // The reward goes along the world's axes, and the tool has its hook on one side.
  symmetries: [],
  beginsAtRest: false,
  bodies: () => ({
    cube: dynamic(
      box([CUBE_HALF_SIZE, CUBE_HALF_SIZE, CUBE_HALF_SIZE], { color: 0xe5342b, roughness: 0.45 }),
    ),
    l_shape_tool: dynamic([
      box([HANDLE_HALF_LENGTH, TOOL_HALF_WIDTH, TOOL_HALF_WIDTH], STEEL, {
        position: [HANDLE_HALF_LENGTH, 0, 0],
        density: 500,
      }),
      box([TOOL_HALF_WIDTH, HOOK_HALF_LENGTH, TOOL_HALF_WIDTH], STEEL, {
        position: [2 * HANDLE_HALF_LENGTH - TOOL_HALF_WIDTH, HOOK_HALF_LENGTH, 0],
      }),
    ]),
  }),
  // ManiSkill does not look where the tool is when it places the cube: in 2 of 100 episodes they are in each other.
  spawnOverlap: MAX_SPAWN_OVERLAP,
  spawn({ bodies: { cube, l_shape_tool: tool } }, random) {
    tool.place(random.uniform(-0.3, -0.1), random.uniform(-0.3, -0.1), TOOL_HALF_WIDTH);
    const x = random.uniform(0.05, 0.25);
    const y = random.uniform(-0.25, 0.05);
    cube.place(x, y, CUBE_HALF_SIZE + DROP, random.uniform(-MAX_CUBE_YAW, MAX_CUBE_YAW));
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    cube_pose: { kind: 'pose', symmetry: 'cube', of: ({ bodies }) => bodies.cube.pose },
    tool_pose: { kind: 'pose', of: ({ bodies }) => bodies.l_shape_tool.pose },
  },
  numbers: ['cube_progress', 'cube_distance'],
  evaluate({ bodies: { cube }, numbers }) {
    numbers.cube_distance = distance(cube.position, PROGRESS_TARGET);
    numbers.cube_progress = 1 - Math.tanh(3 * numbers.cube_distance);
    return planarDistance(cube.position, BASE) < PULLED_DISTANCE;
  },
  reward: {
    success: 5,
    addsSuccess: true,
    terms: ['reaching', 'grasping', 'hooking', 'pulling', 'losing'],
    rate({ bodies: { cube, l_shape_tool: tool }, robot }, terms) {
      const [x, y, z] = tool.position;
      const [cubeX, cubeY, cubeZ] = cube.position;
      const [tcpX, tcpY, tcpZ] = robot.tcpPosition;
      const isHeld = robot.isGrasping(tool, GRIP_ANGLE);
      const unhooked = Math.hypot(
        x - cubeX - HOOKING_OFFSET[0],
        y - cubeY - HOOKING_OFFSET[1],
        z - cubeZ - HOOKING_OFFSET[2],
      );
      const left = distance(cube.position, TARGET);
      terms.reaching = 2 * (1 - Math.tanh(5 * Math.hypot(tcpX - x - GRIP_OFFSET, tcpY - y, tcpZ - z)));
      terms.grasping = isHeld ? 2 : 0;
      terms.hooking = isHeld ? 1.5 * (1 - Math.tanh(3 * unhooked)) : 0;
      terms.pulling = isHeld && unhooked < HOOKED_DISTANCE ? (3 * (FULL_DISTANCE - left)) / FULL_DISTANCE : 0;
      terms.losing = cubeX > LOST_X ? -2 : 0;
    },
  },
  expert: PULL_CUBE_TOOL_SCRIPT,
});
