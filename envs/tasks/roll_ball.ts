import { dynamic, sphere } from '../bodies/description.js';
import { goalRegion, layGoalRegion } from '../bodies/goal_region.js';
import type { Aim, Script, Sight } from '../experts/script.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { distance, planarDistance } from './measures.js';

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

/** Sine and cosine of half the tilt, each shared between two axes. */
const SIN = Math.SQRT1_2 * Math.sin(Math.PI / 12);
const COS = Math.SQRT1_2 * Math.cos(Math.PI / 12);

/** Grips the ball and throws it low: pushed along the table, it would be too slow to arrive in time. */
const EXPERT: Script = {
  // Fingers down and 30° back towards the base, where balls lie too near for upright ones; opening along x.
  orientation: [-SIN, COS, -COS, -SIN],
  flaws: ['miss', 'weak'],
  aim(sight, aim) {
    const { tcp_pose: tcp, ball_pose: ball, ball_vel: velocity } = sight.parts;
    const away = distance(tcp, ball);
    const isHeld = away < GRIP_DISTANCE && sight.fingerGap < GRIP_GAP;
    const isMoving = Math.hypot(velocity[0], velocity[1]) > MOVING_SPEED;
    if (isHeld || (isMoving && away < CLEAR_DISTANCE)) swing(sight, isHeld, aim);
    else if (isMoving) stay(sight, aim);
    else reach(sight, away, aim);
  },
};

/** ManiSkill's RollBall-v1: strike the ball so that it rolls into a goal region out of the robot's reach. */
export const ROLL_BALL = defineTask({
  id: 'RollBall-v1',
  robot: PANDA,
  basePose: BASE_POSE,
  horizon: 80,
  camera: { eye: [0.85, -1.35, 0.95], target: [-0.12, -0.05, 0.02], verticalFovRadians: 1 },
  // The robot looks along another axis than the mirror's.
  symmetries: ['turn'],
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
    ball_pose: { kind: 'pose', symmetry: 'ball', of: ({ bodies }) => bodies.ball.pose },
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
  // The ball rolls on through its goal.
  judgedBy: 'success_once',
  memory: { reached: 0 },
  remember({ bodies: { ball, goal_region: goal }, robot, memory }) {
    if (hitDistance(ball.position, goal.position, robot.tcpPosition) < REACHED_DISTANCE) memory.reached = 1;
  },
  expert: EXPERT,
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

/** The tool's height above the ball while it is off to the side: 18 mm per centimetre, up to 7 cm. */
const APPROACH_HEIGHT = 0.07;
const APPROACH_SLOPE = 1.8;
/** The gripper closes this near to the ball's centre, and holds the ball when its fingers are closer than this. */
const GRIP_DISTANCE = 0.02;
const GRIP_GAP = 2 * RADIUS;
/** The swing's target ahead of the tool, metres. The joints' speeds add up to more upwards than along the table. */
const SWING_FORWARDS = 0.165;
const SWING_UPWARDS = 0.15;
/** Speeds of the swing and of a `weak` one; see {@link Aim.speed}. */
const SWING_SPEED = 1.55;
/** Share of the noise with which it is thrown. */
const STEADY = 0.3;
const WEAK_SPEED = 0.5;
/**
 * The gripper opens when the ball is this fast, m/s, on a line this near past the goal's centre, metres; or else when it is
 * this high.
 */
const RELEASE_SPEED = 0.55;
const RELEASE_TOLERANCE = 0.09;
const RELEASE_HEIGHT = 0.12;
/** The hand goes along with the freed ball until they are this far apart, so that no finger hits it. */
const CLEAR_DISTANCE = 0.04;
/** A faster ball, m/s, is on its way. */
const MOVING_SPEED = 0.2;
/** The distance beside the goal at which `miss` aims. */
const MISS_DISTANCE = 0.3;
const OPEN = 1;
const CLOSED = -1;

function reach({ parts: { tcp_pose: tcp, ball_pose: ball } }: Sight, away: number, aim: Aim): void {
  aim.gripper = away < GRIP_DISTANCE ? CLOSED : OPEN;
  aim.target[0] = ball[0];
  aim.target[1] = ball[1];
  aim.target[2] = ball[2] + Math.min(APPROACH_HEIGHT, APPROACH_SLOPE * planarDistance(tcp, ball));
}

/** Swings the ball towards the goal and upwards, and lets go once it is on course. */
function swing({ parts, flaw, aside }: Sight, isHeld: boolean, aim: Aim): void {
  const { tcp_pose: tcp, ball_pose: ball, ball_vel: velocity, goal_pos: goal } = parts;
  const x = goal[0] - ball[0] + (flaw === 'miss' ? Math.sign(aside[0]) * MISS_DISTANCE : 0);
  const y = goal[1] - ball[1];
  const left = Math.hypot(x, y);
  const forwards = (velocity[0] * x + velocity[1] * y) / left;
  const sideways = (velocity[0] * y - velocity[1] * x) / left;
  const isOnCourse = forwards > RELEASE_SPEED && Math.abs(sideways / forwards) * left < RELEASE_TOLERANCE;
  aim.gripper = isHeld && !isOnCourse && ball[2] < RELEASE_HEIGHT ? CLOSED : OPEN;
  aim.target[0] = tcp[0] + (SWING_FORWARDS * x) / left;
  aim.target[1] = tcp[1] + (SWING_FORWARDS * y) / left;
  aim.target[2] = tcp[2] + SWING_UPWARDS;
  aim.turnsFreely = true;
  aim.speed = flaw === 'weak' ? WEAK_SPEED : SWING_SPEED;
  aim.shaking = STEADY;
}

/** Holds still while the ball rolls. */
function stay({ parts: { tcp_pose: tcp } }: Sight, aim: Aim): void {
  aim.gripper = OPEN;
  for (let axis = 0; axis < 3; axis++) aim.target[axis] = tcp[axis];
  aim.turnsFreely = true;
}
