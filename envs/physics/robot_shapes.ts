import type { PandaKinematics } from '../panda/kinematics.js';
import { ARM_JOINTS, FINGER_FRICTION, LINK_FRICTION } from '../panda/model.js';
import { type BoxData, HULL_VERTICES, LEFT_FINGER_BOXES } from '../panda/model_data.js';
import { IDENTITY_POSE } from '../scene.js';
import { type Frame, PosedShape } from './collision/posed.js';
import type { Collidable } from './solver/contact.js';
import type { Joints } from './solver/joints.js';
import { HAND, LEFT_FINGER, RIGHT_FINGER } from './solver/link_motion.js';

/** Radius, metres, over which ManiSkill's finger pads hold against turning. */
const PAD_PATCH_RADIUS = 0.1;
/** Links whose hulls may come down to the table, by the joint that moves them. */
const LINK_HULLS = [
  [4, HULL_VERTICES.link5],
  [5, HULL_VERTICES.link6],
  [6, HULL_VERTICES.link7],
] as const;

/** The shapes by which the robot touches other things. */
export class RobotShapes {
  /** Per side, left and right: the boxes of a finger; the last one is its pad. */
  readonly fingers: readonly (readonly Collidable[])[];
  /** The hand's hull and what is fixed to it. */
  readonly hand: readonly Collidable[];
  /** Hulls that touch nothing but the table. */
  readonly links: readonly Collidable[];

  private readonly fingerFrames: readonly Frame[];
  private readonly point = { x: 0, y: 0, z: 0 };

  /** @param handBoxes what is fixed to the hand, in its frame. */
  constructor(
    private readonly joints: Joints,
    handBoxes: readonly BoxData[],
  ) {
    const { kinematics } = joints;
    const { handPosition, handRotation, positions, rotations } = kinematics;
    this.fingerFrames = [0, 1].map(() => ({ position: new Float64Array(3), rotation: handRotation }));
    this.updateFrames(kinematics);
    this.fingers = this.fingerFrames.map((frame, side) =>
      LEFT_FINGER_BOXES.map((box) => ({
        mover: joints,
        part: LEFT_FINGER + side,
        shape: boxShape(side === 0 ? box : mirrored(box), frame),
        friction: FINGER_FRICTION,
        patchRadius: PAD_PATCH_RADIUS,
      })),
    );
    const hand = { position: handPosition, rotation: handRotation };
    const onHand = [hullShape(HULL_VERTICES.hand, hand), ...handBoxes.map((box) => boxShape(box, hand))];
    this.hand = onHand.map((shape) => this.part(HAND, shape));
    this.links = LINK_HULLS.map(([joint, vertices]) => {
      const position = positions.subarray(3 * joint, 3 * joint + 3);
      const rotation = rotations.subarray(9 * joint, 9 * joint + 9);
      return this.part(joint, hullShape(vertices, { position, rotation }));
    });
  }

  /** Moves all shapes to where the joints are. */
  update(): void {
    this.updateFrames(this.joints.kinematics);
    for (const side of this.fingers) for (const { shape } of side) shape.update();
    for (const { shape } of this.hand) shape.update();
    for (const { shape } of this.links) shape.update();
  }

  private updateFrames(kinematics: PandaKinematics): void {
    for (let side = 0; side < 2; side++) {
      kinematics.fingerPosition(side === 0 ? 1 : -1, this.joints.qpos[ARM_JOINTS + side], this.point);
      const { position } = this.fingerFrames[side];
      position[0] = this.point.x;
      position[1] = this.point.y;
      position[2] = this.point.z;
    }
  }

  private part(part: number, shape: PosedShape): Collidable {
    return { mover: this.joints, part, shape, friction: LINK_FRICTION, patchRadius: 0 };
  }
}

/** The index of the finger, 0 left or 1 right, that a part of the robot is; −1 for any other. */
export function fingerOf(part: number): number {
  return part === LEFT_FINGER ? 0 : part === RIGHT_FINGER ? 1 : -1;
}

function boxShape({ pose, halfSize }: BoxData, frame: Frame): PosedShape {
  return new PosedShape({ kind: 'box', halfSize }, frame, pose);
}

function hullShape(vertices: readonly number[], frame: Frame): PosedShape {
  return new PosedShape({ kind: 'hull', vertices }, frame, IDENTITY_POSE);
}

/** A box of the left finger on the right one. */
function mirrored({ pose: [x, y, z, qw, qx, qy, qz], halfSize }: BoxData): BoxData {
  return { pose: [x, -y, z, qw, -qx, qy, -qz], halfSize };
}
