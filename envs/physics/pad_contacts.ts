import type { TempContactManifold, World } from '@dimforge/rapier3d-simd-compat';
import type { PandaKinematics } from '../panda/kinematics.js';
import type { ActorBody } from './actor_body.js';
import type { GripperBodies } from './gripper_bodies.js';

export const MAX_PATCHES = 4;
export const MAX_PATCH_POINTS = 8;
const LEFT = 0;
const RIGHT = 1;

/** Contact, or near contact, of a finger pad with one box of an actor. */
export interface PadPatch {
  /** 0: left, 1: right. */
  finger: number;
  friction: number;
  count: number;
  /** [count, 3]: world points. */
  readonly points: Float64Array;
  /** [count]: distances between pad and actor, metres, negative inside each other. */
  readonly gaps: Float64Array;
  /** [3]: unit vector from the actor to the pad, world frame. */
  readonly normal: Float64Array;
}

/** The contacts of one actor with the finger pads, point by point. */
export class PadContacts {
  /** The first `count` are in use. */
  readonly patches: readonly PadPatch[] = Array.from({ length: MAX_PATCHES }, () => ({
    finger: 0,
    friction: 0,
    count: 0,
    points: new Float64Array(3 * MAX_PATCH_POINTS),
    gaps: new Float64Array(MAX_PATCH_POINTS),
    normal: new Float64Array(3),
  }));
  count = 0;

  private readonly fingers: readonly number[];
  private finger = LEFT;
  private readonly handPosition = new Float64Array(3);
  private readonly handRotation = new Float64Array(9);
  private readonly ranks = new Float64Array(MAX_PATCH_POINTS);
  private readonly vector = { x: 0, y: 0, z: 0 };

  /** @param leftFirst true if the left pad's contacts are read before the right one's. */
  constructor(
    private readonly world: World,
    private readonly gripper: GripperBodies,
    leftFirst: boolean,
  ) {
    this.fingers = leftFirst ? [LEFT, RIGHT] : [RIGHT, LEFT];
  }

  /** Reads the contacts of the world's last step, which led to `kinematics`, between the pads and `body`. */
  read(body: ActorBody, kinematics: PandaKinematics): void {
    this.count = 0;
    this.handPosition.set(kinematics.handPosition);
    this.handRotation.set(kinematics.handRotation);
    for (this.finger of this.fingers) {
      const parts = this.gripper.fingerColliders[this.finger];
      for (const collider of body.colliders) {
        this.world.contactPair(parts[parts.length - 1], collider, this.visit);
      }
    }
  }

  private readonly visit = (manifold: TempContactManifold, flipped: boolean): void => {
    const count = Math.min(manifold.numSolverContacts(), MAX_PATCH_POINTS);
    if (count === 0 || this.count === MAX_PATCHES) return;
    const { vector, handRotation: r } = this;
    const patch = this.patches[this.count++];
    patch.finger = this.finger;
    patch.friction = manifold.friction();
    patch.count = count;
    // The world normal is old: Rapier renews it only when pad and actor have moved against each other.
    if (flipped) manifold.localNormal2(vector);
    else manifold.localNormal1(vector);
    for (let i = 0; i < 3; i++) {
      patch.normal[i] = -(r[3 * i] * vector.x + r[3 * i + 1] * vector.y + r[3 * i + 2] * vector.z);
    }
    for (let i = 0; i < count; i++) {
      manifold.solverContactPoint(i, vector);
      patch.points[3 * i] = vector.x;
      patch.points[3 * i + 1] = vector.y;
      patch.points[3 * i + 2] = vector.z;
      patch.gaps[i] = manifold.solverContactDist(i);
    }
    this.order(patch);
  };

  /**
   * Puts the points in PhysX's order, which decides how they share the load: around the pad, from the tip on the side
   * of the hand's x axis over the back to the tip on the other side.
   */
  private order({ count, points, gaps }: PadPatch): void {
    const { handPosition: p, handRotation: r, ranks } = this;
    const inHand = (i: number, axis: number) =>
      r[axis] * (points[3 * i] - p[0]) +
      r[3 + axis] * (points[3 * i + 1] - p[1]) +
      r[6 + axis] * (points[3 * i + 2] - p[2]);
    let middle = 0;
    for (let i = 0; i < count; i++) middle += inHand(i, 2) / count;
    for (let i = 0; i < count; i++) {
      const isTip = inHand(i, 2) > middle;
      if (inHand(i, 0) > 0) ranks[i] = isTip ? 0 : 1;
      else ranks[i] = isTip ? 3 : 2;
    }
    for (let i = 1; i < count; i++) {
      for (let k = i; k > 0 && ranks[k - 1] > ranks[k]; k--) {
        swap(ranks, k - 1, k);
        swap(gaps, k - 1, k);
        for (let axis = 0; axis < 3; axis++) swap(points, 3 * (k - 1) + axis, 3 * k + axis);
      }
    }
  }
}

function swap(values: Float64Array, i: number, k: number): void {
  const value = values[i];
  values[i] = values[k];
  values[k] = value;
}
