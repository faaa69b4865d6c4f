import type { Actor } from '../bodies/actor.js';
import { type BodyPart, box, dynamic, kinematic } from '../bodies/description.js';
import { PEG_INSERTER } from '../experts/scripts/peg_insertion_side.js';
import { DEFAULT_BASE_POSE } from '../panda/model.js';
import { PANDA_WRISTCAM } from '../robots/panda_wristcam.js';
import type { Material } from '../scene.js';
import { defineTask } from './define_task.js';
import { fromFrame, inFrame } from './frames.js';
import { distance } from './measures.js';

/** The hole is wider than the peg by so much on every side. */
const CLEARANCE = 0.003;
/** The head has arrived when it is at most this far short of the middle of the hole. */
const MAX_DEPTH_LEFT = 0.015;
/** The place behind the peg's centre that the reward wants it gripped at, and how straight the fingers must press. */
const GRIP_OFFSET = -0.06;
const GRIP_DEGREES = 20;
/** The reward wants both ends of the peg this near to the hole's axis before the peg goes in. */
const ALIGNED_DISTANCE = 0.01;
/** Depth of a peg on the table in a box: the deepest of 10,000 starts is 30 mm. */
const MAX_SPAWN_OVERLAP = 0.035;
/** A box that stands this much higher or lower on the table is another one. */
const SAME_SIZE = 1e-5;
/** The head's paint stands out from the peg, or one would hide in the other. */
const PAINT_THICKNESS = 2e-4;

const TAIL: Material = { color: 0xedf6f9, roughness: 0.5 };
const HEAD: Material = { color: 0xec5f3c, roughness: 0.5 };
const WOOD: Material = { color: 0xf0b45c, roughness: 0.7 };

/** Sizes of an episode: half the peg's length and width, and where the hole's middle is in the box. */
interface Sizes {
  length: number;
  radius: number;
  hole_y: number;
  hole_z: number;
}

/** ManiSkill's PegInsertionSide-v1: push a peg's orange end into a hole in the side of a box. */
export const PEG_INSERTION_SIDE = defineTask({
  id: 'PegInsertionSide-v1',
  robot: PANDA_WRISTCAM,
  basePose: DEFAULT_BASE_POSE,
  horizon: 100,
  camera: { eye: [0.5, -0.57, 0.48], target: [-0.08, 0.08, 0.18], verticalFovRadians: 1 },
  // In a mirror, the box would stand on the robot's right, and the camera on the hand isn't the same.
  symmetries: ['turn'],
  leftPadFirst: true,
  geometry: {
    draw(random): Sizes {
      const length = random.uniform(0.085, 0.125);
      const radius = random.uniform(0.015, 0.025);
      const offset = () => 0.5 * (length - radius) * random.uniform(-1, 1);
      return { length, radius, hole_y: offset(), hole_z: offset() };
    },
    recover({ peg_half_size: [length, radius], box_hole_pose: hole }, { box_with_hole: pose }): Sizes {
      const [, hole_y, hole_z] = inFrame(pose, hole);
      return { length, radius, hole_y, hole_z };
    },
    fits: ({ length }, { box_with_hole: pose }) => Math.abs(pose[2] - length) < SAME_SIZE,
  },
  bodies: (sizes: Sizes) => ({ peg: dynamic(pegParts(sizes)), box_with_hole: kinematic(boxParts(sizes)) }),
  // ManiSkill does not look where the box is when it places the peg: in 3 of 1,000 episodes they are in each other.
  spawnOverlap: MAX_SPAWN_OVERLAP,
  spawn({ bodies: { peg, box_with_hole: block }, geometry: { length, radius } }, random) {
    const about = (middle: number, halfRange: number) =>
      random.uniform(middle - halfRange, middle + halfRange);
    peg.place(about(0, 0.1), about(-0.15, 0.15), radius, about(Math.PI / 2, Math.PI / 3));
    block.place(about(0, 0.05), about(0.3, 0.1), length, about(Math.PI / 2, Math.PI / 8));
  },
  observation: {
    tcp_pose: { kind: 'pose', of: ({ robot }) => robot.tcpPose },
    peg_pose: { kind: 'pose', of: ({ bodies }) => bodies.peg.pose },
    peg_half_size: {
      kind: 'scalars',
      size: 3,
      of: ({ geometry: { length, radius } }) => [length, radius, radius],
    },
    box_hole_pose: { kind: 'pose', of: ({ bodies, geometry }) => holePose(bodies.box_with_hole, geometry) },
    box_hole_radius: { kind: 'scalar', of: ({ geometry }) => geometry.radius + CLEARANCE },
  },
  numbers: ['peg_head_pos_at_hole_x', 'peg_head_pos_at_hole_y', 'peg_head_pos_at_hole_z'],
  evaluate({ bodies: { peg, box_with_hole: block }, geometry, numbers }) {
    const [x, y, z] = inFrame(holePose(block, geometry), fromFrame(peg.pose, geometry.length, 0, 0));
    numbers.peg_head_pos_at_hole_x = x;
    numbers.peg_head_pos_at_hole_y = y;
    numbers.peg_head_pos_at_hole_z = z;
    const holeRadius = geometry.radius + CLEARANCE;
    return x >= -MAX_DEPTH_LEFT && Math.abs(y) <= holeRadius && Math.abs(z) <= holeRadius;
  },
  reward: {
    success: 10,
    terms: ['reaching', 'grasping', 'aligning', 'inserting'],
    rate({ bodies: { peg, box_with_hole: block }, robot, geometry, numbers }, terms) {
      const { peg_head_pos_at_hole_x: x, peg_head_pos_at_hole_y: y, peg_head_pos_at_hole_z: z } = numbers;
      const [, centreY, centreZ] = inFrame(holePose(block, geometry), peg.position);
      const headOff = Math.hypot(y, z);
      const centreOff = Math.hypot(centreY, centreZ);
      const most = Math.max(headOff, centreOff);
      const away = distance(robot.tcpPosition, fromFrame(peg.pose, GRIP_OFFSET, 0, 0));
      const grasped = robot.isGrasping(peg, GRIP_DEGREES) ? 1 : 0;
      terms.reaching = 1 - Math.tanh(4 * away);
      terms.grasping = grasped;
      terms.aligning = grasped * 3 * (1 - Math.tanh(0.5 * (headOff + centreOff) + 4.5 * most));
      terms.inserting = most < ALIGNED_DISTANCE ? grasped * 5 * (1 - Math.tanh(5 * Math.hypot(x, y, z))) : 0;
    },
  },
  expert: PEG_INSERTER,
});

function pegParts({ length, radius }: Sizes): BodyPart[] {
  const width = radius + PAINT_THICKNESS;
  const paint = box([length / 2, width, width], HEAD, { position: [length / 2 + PAINT_THICKNESS, 0, 0] });
  return [box([length, radius, radius], TAIL), { ...paint, collides: false }];
}

/** A cube with a square hole along x, made of a wall on each side of it. */
function boxParts({ length, radius, hole_y: y, hole_z: z }: Sizes): BodyPart[] {
  const holeRadius = radius + CLEARANCE;
  const thickness = (length - holeRadius) / 2;
  const out = thickness + holeRadius;
  const wall = (halfSize: readonly number[], position: [number, number, number]) =>
    box(halfSize, WOOD, { position });
  return [
    wall([length, thickness - y / 2, length], [0, out + y / 2, 0]),
    wall([length, thickness + y / 2, length], [0, -out + y / 2, 0]),
    wall([length, length, thickness - z / 2], [0, 0, out + z / 2]),
    wall([length, length, thickness + z / 2], [0, 0, -out + z / 2]),
  ];
}

/** [7]: the middle of the hole, its x axis the way in. */
function holePose(block: Actor, { hole_y, hole_z }: Pick<Sizes, 'hole_y' | 'hole_z'>): number[] {
  return [...fromFrame(block.pose, 0, hole_y, hole_z), ...block.quaternion];
}
