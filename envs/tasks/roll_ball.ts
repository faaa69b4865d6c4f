import { dynamic, sphere } from '../bodies/description.js';
import { goalRegion, layGoalRegion } from '../bodies/goal_region.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { planarDistance } from './measures.js';

const RADIUS = 0.035;
const GOAL_RADIUS = 0.1;
/** The robot stands on the table and looks along −y, as exactly as ManiSkill's source says it. */
const BASE_POSE = [-0.1, 1, 0, 0.7070568, 0, 0, -0.7071568];
/**
 * The tool's place before the stroke that the reward wants: so far behind the ball's centre, and so near to that place.
 */
const HIT_OFFSET = RADIUS + 0.05;
const REACHED_DISTANCE = 0.04;
const REACHED_REWARD = 20;

/** ManiSkill's RollBall-v1: strike the ball so that it rolls into a goal region out of the robot's reach. */
export const ROLL_BALL = defineTask({
  id: 'RollBall-v1',
  robot: PANDA,
  basePose: BASE_POSE,
  horizon: 80,
  camera: { eye: [-0.6, 1.3, 0.8], target: [0, 0.13, 0], verticalFovRadians: 1 },
  isSymmetric: false,
  bodies: () => ({
    ball: dynamic(sphere(RADIUS, { color: 0x0c2aa0, roughness: 0.35 })),
    goal_region: goalRegion(GOAL_RADIUS),
  }),
  spawn({ bodies: { ball, goal_region: goal } }, random) {
    const across = () => random.uniform(-0.4, 0.2);
    ball.place(across(), random.uniform(0.5, 0.7), RADIUS);
    layGoalRegion(goal, across(), random.uniform(-0.9, -0.7));
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    goal_pos: { kind: 'position', of: ({ bodies }) => bodies.goal_region.position },
    ball_pose: { kind: 'pose', of: ({ bodies }) => bodies.ball.pose },
    ball_vel: { kind: 'direction', of: ({ bodies }) => bodies.ball.linearVelocity },
    tcp_to_ball_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.ball.position,
    },
    ball_to_goal_pos: {
      kind: 'way',
      from: ({ bodies }) => bodies.ball.position,
      to: ({ bodies }) => bodies.goal_region.position,
    },
  },
  evaluate: ({ bodies: { ball, goal_region: goal } }) =>
    planarDistance(ball.position, goal.position) < GOAL_RADIUS,
  memory: { reached: 0 },
  remember({ bodies: { ball, goal_region: goal }, robot, memory }) {
    if (hitDistance(ball.position, goal.position, robot.tcpPosition) < REACHED_DISTANCE) memory.reached = 1;
  },
  reward: {
    success: 30,
    terms: ['reaching', 'reached', 'rolling'],
    rate({ bodies: { ball, goal_region: goal }, robot, memory: { reached } }, terms) {
      const left = planarDistance(ball.position, goal.position);
      const away = hitDistance(ball.position, goal.position, robot.tcpPosition);
      terms.reaching = (1 - reached) * (1 - Math.tanh(2 * away));
      terms.reached = reached;
      terms.rolling = reached * REACHED_REWARD * (1 - Math.tanh(left));
    },
  },
});

/** The distance of the tool from the place behind the ball from which it would be struck towards the goal. */
function hitDistance(ball: Float32Array, goal: Float32Array, tcp: Float64Array): number {
  const [x, y, z] = ball;
  const dx = x - goal[0];
  const dy = y - goal[1];
  const dz = z - goal[2];
  const scale = HIT_OFFSET / Math.sqrt(dx * dx + dy * dy + dz * dz);
  return Math.hypot(x + scale * dx - tcp[0], y + scale * dy - tcp[1], z + scale * dz - tcp[2]);
}
