import {
  type Collider,
  ColliderDesc,
  JointData,
  MotorModel,
  type PrismaticImpulseJoint,
  type RigidBody,
  RigidBodyDesc,
  type World,
} from '@dimforge/rapier3d-simd-compat';
import type { PandaKinematics } from '../panda/kinematics.js';
import {
  ARM_JOINTS,
  DRIVE,
  FINGER_FRICTION,
  FINGER_OFFSET,
  FINGER_UPPER_LIMIT,
  LINK_DAMPING,
  LINK_FRICTION,
} from '../panda/model.js';
import { type BoxData, HULL_VERTICES, LEFT_FINGER_BOXES, RIGID_BODIES } from '../panda/model_data.js';
import { COLLISION_GROUPS } from './rapier.js';

/** Real fingers (15 g, 2e-6 kg·m²) throw out what they grip: Rapier needs heavier ones to pass on the drive's force. */
const FINGER_MASS = 0.1;
const FINGER_INERTIA_SCALE = 300;
/** Depth by which Rapier's contacts sink in under the grip; the pads are moved outwards by as much. */
const PAD_SHIFT = 0.0017;
/** The two upper boxes of a finger never meet an object before the hand or these two do. */
const FINGER_BOXES = LEFT_FINGER_BOXES.slice(2);

/** Left and right, as signs along the hand's y axis. */
export const SIDES = [1, -1] as const;

/** The hand (moved by the arm solver) and the two fingers (moved by Rapier) as bodies of a Rapier world. */
export class GripperBodies {
  /** The colliders of the hand's hull and of what is fixed to it. */
  readonly handColliders: readonly Collider[];
  /** Per side the colliders of the slanted part and, last, of the pad. */
  readonly fingerColliders: readonly (readonly Collider[])[];

  private readonly hand: RigidBody;
  private readonly fingers: readonly RigidBody[];
  private readonly joints: readonly PrismaticImpulseJoint[];

  private readonly vector = { x: 0, y: 0, z: 0 };
  private readonly velocity = { x: 0, y: 0, z: 0 };
  private readonly spin = { x: 0, y: 0, z: 0 };
  private readonly rotation = { w: 1, x: 0, y: 0, z: 0 };
  private readonly quaternion = new Float64Array(4);
  /** The hand's position and y axis in the last pose that the bodies were given. */
  private readonly position = new Float64Array(3);
  private readonly axis = new Float64Array(3);
  private readonly handVelocity = new Float64Array(6);

  /** @param handBoxes what is fixed to the hand, in its frame. */
  constructor(world: World, handBoxes: readonly BoxData[]) {
    this.hand = world.createRigidBody(RigidBodyDesc.kinematicPositionBased());
    this.handColliders = [handShape(), ...handBoxes.map(handBoxShape)].map((shape) =>
      world.createCollider(shape, this.hand),
    );
    this.fingers = SIDES.map(() => world.createRigidBody(fingerBody()));
    this.fingerColliders = SIDES.map((side, i) =>
      fingerShapes(side).map((shape) => world.createCollider(shape, this.fingers[i])),
    );
    this.joints = SIDES.map((side, i) => attachFinger(world, side, this.hand, this.fingers[i]));
  }

  /** Puts hand and fingers where `kinematics` and `qpos` [9] say; the fingers move as `qvel` [9] says. */
  place(kinematics: PandaKinematics, qpos: Float64Array, qvel: Float64Array): void {
    const { vector, velocity, spin, axis, position, handVelocity: hand } = this;
    this.moveHand(kinematics, qpos);
    kinematics.handVelocity(qvel, hand);
    vector.x = position[0];
    vector.y = position[1];
    vector.z = position[2];
    this.hand.setTranslation(vector, true);
    this.hand.setRotation(this.rotation, true);
    spin.x = hand[3];
    spin.y = hand[4];
    spin.z = hand[5];
    for (let i = 0; i < 2; i++) {
      const finger = this.fingers[i];
      const speed = SIDES[i] * qvel[ARM_JOINTS + i];
      kinematics.fingerPosition(SIDES[i], qpos[ARM_JOINTS + i], vector);
      const dx = vector.x - position[0];
      const dy = vector.y - position[1];
      const dz = vector.z - position[2];
      velocity.x = hand[0] + spin.y * dz - spin.z * dy + axis[0] * speed;
      velocity.y = hand[1] + spin.z * dx - spin.x * dz + axis[1] * speed;
      velocity.z = hand[2] + spin.x * dy - spin.y * dx + axis[2] * speed;
      finger.setTranslation(vector, true);
      finger.setRotation(this.rotation, true);
      finger.setLinvel(velocity, true);
      finger.setAngvel(spin, true);
    }
  }

  /** Sends the hand to its pose in `kinematics` (at `qpos`), to arrive there with the next step of the world. */
  moveHand(kinematics: PandaKinematics, qpos: Float64Array): void {
    const { vector, rotation, quaternion, axis } = this;
    const { handPosition, handRotation } = kinematics;
    this.position.set(handPosition);
    axis[0] = handRotation[1];
    axis[1] = handRotation[4];
    axis[2] = handRotation[7];
    kinematics.handQuaternion(qpos, quaternion);
    rotation.w = quaternion[0];
    rotation.x = quaternion[1];
    rotation.y = quaternion[2];
    rotation.z = quaternion[3];
    vector.x = handPosition[0];
    vector.y = handPosition[1];
    vector.z = handPosition[2];
    this.hand.setNextKinematicTranslation(vector);
    this.hand.setNextKinematicRotation(rotation);
  }

  /** Sets the targets of the fingers' drives, metres from closed. */
  drive(left: number, right: number): void {
    this.joints[0].configureMotorPosition(left, DRIVE.stiffness, DRIVE.damping);
    this.joints[1].configureMotorPosition(right, DRIVE.stiffness, DRIVE.damping);
  }

  /** Writes the positions of the finger joints into `qpos` [9]. */
  readPositions(qpos: Float64Array): void {
    const { vector, position, axis } = this;
    for (let i = 0; i < 2; i++) {
      this.fingers[i].translation(vector);
      const along =
        (vector.x - position[0]) * axis[0] +
        (vector.y - position[1]) * axis[1] +
        (vector.z - position[2]) * axis[2];
      qpos[ARM_JOINTS + i] = SIDES[i] * along;
    }
  }

  /** Writes the velocities of the finger joints, against the hand, into `qvel` [9]. */
  readVelocities(qvel: Float64Array): void {
    const { vector, velocity, spin, position, axis } = this;
    for (let i = 0; i < 2; i++) {
      this.fingers[i].translation(vector);
      this.hand.angvel(spin);
      const dx = vector.x - position[0];
      const dy = vector.y - position[1];
      const dz = vector.z - position[2];
      this.hand.linvel(velocity);
      const handX = velocity.x + spin.y * dz - spin.z * dy;
      const handY = velocity.y + spin.z * dx - spin.x * dz;
      const handZ = velocity.z + spin.x * dy - spin.y * dx;
      this.fingers[i].linvel(velocity);
      const along =
        (velocity.x - handX) * axis[0] + (velocity.y - handY) * axis[1] + (velocity.z - handZ) * axis[2];
      qvel[ARM_JOINTS + i] = SIDES[i] * along;
    }
  }
}

function handShape(): ColliderDesc {
  const shape = ColliderDesc.convexHull(Float32Array.from(HULL_VERTICES.hand));
  if (!shape) throw new Error('the hand has no convex hull');
  return shape.setDensity(0).setFriction(LINK_FRICTION).setCollisionGroups(COLLISION_GROUPS.robot);
}

function handBoxShape({ pose: [x, y, z, qw, qx, qy, qz], halfSize }: BoxData): ColliderDesc {
  return ColliderDesc.cuboid(halfSize[0], halfSize[1], halfSize[2])
    .setTranslation(x, y, z)
    .setRotation({ w: qw, x: qx, y: qy, z: qz })
    .setDensity(0)
    .setFriction(LINK_FRICTION)
    .setCollisionGroups(COLLISION_GROUPS.robot);
}

function fingerShapes(side: 1 | -1): ColliderDesc[] {
  return FINGER_BOXES.map(({ pose: [x, y, z, qw, qx], halfSize }) =>
    ColliderDesc.cuboid(halfSize[0], halfSize[1], halfSize[2])
      .setTranslation(x, side * (y + PAD_SHIFT), z)
      .setRotation({ w: qw, x: side * qx, y: 0, z: 0 })
      .setDensity(0)
      .setFriction(FINGER_FRICTION)
      .setCollisionGroups(COLLISION_GROUPS.robot),
  );
}

function fingerBody(): RigidBodyDesc {
  const [xx, , , yy, , zz] = RIGID_BODIES.finger.inertia.map((entry) => entry * FINGER_INERTIA_SCALE);
  return RigidBodyDesc.dynamic()
    .setGravityScale(0)
    .setCanSleep(false)
    .setLinearDamping(LINK_DAMPING)
    .setAngularDamping(LINK_DAMPING)
    .setAdditionalMassProperties(
      FINGER_MASS,
      { x: 0, y: 0, z: 0 },
      { x: xx, y: yy, z: zz },
      { w: 1, x: 0, y: 0, z: 0 },
    );
}

function attachFinger(world: World, side: 1 | -1, hand: RigidBody, finger: RigidBody): PrismaticImpulseJoint {
  const data = JointData.prismatic(
    { x: 0, y: 0, z: FINGER_OFFSET },
    { x: 0, y: 0, z: 0 },
    { x: 0, y: side, z: 0 },
  );
  const joint = world.createImpulseJoint(data, hand, finger, true) as PrismaticImpulseJoint;
  joint.setContactsEnabled(false);
  joint.setLimits(0, FINGER_UPPER_LIMIT);
  joint.configureMotorModel(MotorModel.ForceBased);
  joint.setMotorMaxForce(DRIVE.force);
  return joint;
}
