import { type BodyDescription, box, dynamic, kinematic, sphere } from '../bodies/description.js';
import {
  commandOf,
  type Descent,
  grip,
  HANDLING_FLAWS,
  isHeld,
  letGo,
  type Placement,
  putDown,
} from '../experts/handling.js';
import type { Script } from '../experts/script.js';
import { DEFAULT_BASE_POSE, FINGER_UPPER_LIMIT } from '../panda/model.js';
import { PANDA } from '../robots/panda.js';
import { defineTask } from './define_task.js';
import { closeness, distance, isStatic, planarDistance, stillness } from './measures.js';

const RADIUS = 0.02;
/** The bin: half its width, and half the thickness of its floor and walls and half the walls' height. */
const BIN_HALF_WIDTH = 0.025;
const HALF_THICKNESS = 0.0025;
const WALL_HALF_HEIGHT = 0.005;
/** Height of the sphere's centre above the bin's origin when it lies in the bin. */
const LYING_HEIGHT = RADIUS + HALF_THICKNESS;
/** The sphere is in the bin if it is this near to its place there, along the table and in height. */
const TOLERANCE = 0.005;
const ROBOT_STATIC_SPEED = 0.2;
/** ManiSkill's value, in place of the share by which the fingers are open, once the sphere is let go. */
const RELEASED = 16;

/** The fingers grip the sphere this far above its centre, so that their tips stay above the bin's walls. */
const GRIP_HEIGHT = 0.005;
const TO_SPHERE: Descent = { height: 0.06, slope: 2, clearance: 0.045, nearness: 0.1, landingSpeed: 0.6 };
const INTO_BIN: Placement = {
  height: 0.04,
  slope: 3,
  clearance: 0.02,
  nearness: 0.06,
  landingSpeed: 0.6,
  releaseDistance: 0.004,
  releaseHeight: 0.003,
};
/** The sphere is brought to a place this far above the bin's floor. */
const SPARE_HEIGHT = 0.004;
/** Distance from the bin's middle up to which the sphere lies in it, or rolls into it. */
const LYING_DISTANCE = 0.015;
/** Distance of the fingers up to which they open slowly, by this much a step: if they sprang open, they would kick the sphere. */
const FREE_GAP = 0.045;
const SLOW_OPENING = 0.006;

/** Grips the sphere above its middle, carries it above the bin, and lets go of it there. */
const EXPERT: Script = {
  // Fingers down, opening along y.
  orientation: [0, 1, 0, 0],
  flaws: HANDLING_FLAWS,
  aim(sight, aim) {
    const { obj_pose: ball, bin_pos: bin } = sight.parts;
    const place = [bin[0], bin[1], bin[2] + LYING_HEIGHT + SPARE_HEIGHT];
    const isLying = planarDistance(ball, bin) < LYING_DISTANCE && ball[2] < place[2];
    if (isHeld(sight, ball)) putDown(sight, ball, place, INTO_BIN, aim);
    else if (isLying) letGo(sight, ball, aim);
    else grip(sight, [ball[0], ball[1], ball[2] + GRIP_HEIGHT], TO_SPHERE, aim);
    if (aim.gripper > 0 && sight.fingerGap < FREE_GAP)
      aim.gripper = commandOf(sight.fingerGap + SLOW_OPENING);
  },
};

/** ManiSkill's PlaceSphere-v1: put the sphere into a shallow bin, and let go of it. */
export const PLACE_SPHERE = defineTask({
  id: 'PlaceSphere-v1',
  robot: PANDA,
  basePose: DEFAULT_BASE_POSE,
  horizon: 50,
  camera: { eye: [0.48, 0.5, 0.43], target: [-0.13, 0, 0.2], verticalFovRadians: 1 },
  // But for the bin's walls, which begin along x and y: how they are turned is not observed.
  symmetries: ['mirror', 'turn'],
  leftPadFirst: true,
  bodies: () => ({
    sphere: dynamic(sphere(RADIUS, { color: 0x0c2aa0, roughness: 0.35 })),
    bin: shallowBin(),
  }),
  spawn({ bodies: { sphere: ball, bin } }, random) {
    ball.place(random.uniform(-0.1, -0.05), random.uniform(-0.1, 0.1), RADIUS);
    bin.place(random.uniform(0, 0.1), random.uniform(-0.1, 0.1), HALF_THICKNESS);
  },
  observation: {
    is_grasped: { kind: 'scalar', of: ({ flags }) => flags.is_obj_grasped },
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    bin_pos: { kind: 'position', of: ({ bodies }) => bodies.bin.position },
    obj_pose: { kind: 'pose', symmetry: 'ball', of: ({ bodies }) => bodies.sphere.pose },
    tcp_to_obj_pos: {
      kind: 'way',
      from: ({ robot }) => robot.tcpPosition,
      to: ({ bodies }) => bodies.sphere.position,
    },
  },
  flags: ['is_obj_grasped', 'is_obj_on_bin', 'is_obj_static'],
  evaluate({ bodies: { sphere: ball, bin }, robot, flags }) {
    const above = ball.position[2] - bin.position[2];
    flags.is_obj_grasped = robot.isGrasping(ball);
    flags.is_obj_on_bin =
      planarDistance(ball.position, bin.position) <= TOLERANCE && Math.abs(above - LYING_HEIGHT) <= TOLERANCE;
    flags.is_obj_static = isStatic(ball);
    return flags.is_obj_on_bin && flags.is_obj_static && !flags.is_obj_grasped;
  },
  reward: {
    success: 13,
    // One for each stage of the task; the others are 0.
    terms: ['reaching', 'carrying', 'releasing'],
    rate({ bodies: { sphere: ball, bin }, robot, flags }, terms) {
      const isOn = flags.is_obj_on_bin;
      const isCarried = flags.is_obj_grasped && !isOn;
      const [x, y, z] = bin.position;
      const opening = (robot.qpos[7] + robot.qpos[8]) / (2 * FINGER_UPPER_LIMIT);
      const released = flags.is_obj_grasped ? opening : RELEASED;
      const isRobotStatic = robot.largestSpeed <= ROBOT_STATIC_SPEED ? 1 : 0;
      terms.reaching = isOn || isCarried ? 0 : 2 * closeness(distance(robot.tcpPosition, ball.position));
      terms.carrying = isCarried ? 4 + closeness(distance(ball.position, [x, y, z + LYING_HEIGHT])) : 0;
      terms.releasing = isOn ? 6 + (released + stillness(ball) + isRobotStatic) / 3 : 0;
    },
  },
  expert: EXPERT,
});

function shallowBin(): BodyDescription {
  const material = { color: 0xdfe3e6, roughness: 0.6 };
  const side = BIN_HALF_WIDTH - HALF_THICKNESS;
  const height = HALF_THICKNESS + WALL_HALF_HEIGHT;
  return kinematic([
    box([BIN_HALF_WIDTH, BIN_HALF_WIDTH, HALF_THICKNESS], material),
    ...[-side, side].flatMap((at) => [
      box([HALF_THICKNESS, BIN_HALF_WIDTH, WALL_HALF_HEIGHT], material, { position: [at, 0, height] }),
      box([BIN_HALF_WIDTH, HALF_THICKNESS, WALL_HALF_HEIGHT], material, { position: [0, at, height] }),
    ]),
  ]);
}
