import type { Collider, TempContactManifold, World } from '@dimforge/rapier3d-simd-compat';
import { PHYSICS_TIMESTEP } from '../panda/model.js';
import type { ActorBody } from './actor_body.js';
import type { GripperBodies } from './gripper_bodies.js';

/** A contact carries the hand from below if its normal is within 45° of the vertical. */
const STANDING_NORMAL = 0.7;
const CARRYING_IMPULSE = 1e-7;
const MAX_STANDING_POINTS = 8;

/** Forces and impulses of one actor's contacts in the last step of the world. */
export class ActorContacts {
  /** [2, 3]: force of the actor on the left and right finger, N, world frame. */
  readonly fingerForces = new Float64Array(6);
  /** [2]: normal impulse on the left and right finger pad, N·s. */
  readonly padImpulses = new Float64Array(2);
  /** Normal impulse on hand and fingers together, N·s. */
  robotImpulse = 0;
  /** True if something other than the robot carries the actor; known only while the robot touches it. */
  isSupported = false;
  /** [standingCount, 4]: contacts in which the robot stands on the actor: world point and separation, metres. */
  readonly standingPoints = new Float64Array(4 * MAX_STANDING_POINTS);
  standingCount = 0;

  private readonly point = { x: 0, y: 0, z: 0 };
  private impulse = 0;
  private finger = 0;

  /** @param others the colliders, other than the robot's, that may carry the actor. */
  constructor(
    private readonly world: World,
    private readonly body: ActorBody,
    private readonly gripper: GripperBodies,
    private readonly others: readonly Collider[],
  ) {}

  clear(): void {
    this.fingerForces.fill(0);
    this.padImpulses.fill(0);
    this.robotImpulse = 0;
    this.isSupported = false;
    this.standingCount = 0;
  }

  /** Reads the contacts of the world's last step. */
  read(): void {
    this.clear();
    for (const collider of this.body.colliders) {
      for (this.finger = 0; this.finger < 2; this.finger++) {
        const parts = this.gripper.fingerColliders[this.finger];
        for (const part of parts) {
          this.impulse = 0;
          this.world.contactPair(part, collider, this.visitFinger);
          this.robotImpulse += this.impulse;
          if (part === parts[parts.length - 1]) this.padImpulses[this.finger] += this.impulse;
        }
      }
      this.impulse = 0;
      for (const part of this.gripper.handColliders) this.world.contactPair(part, collider, this.visitHand);
      this.robotImpulse += this.impulse;
    }
    if (this.robotImpulse > 0 || this.standingCount > 0) this.isSupported = this.readSupport();
  }

  private readSupport(): boolean {
    this.impulse = 0;
    for (const collider of this.body.colliders) {
      for (const other of this.others) this.world.contactPair(other, collider, this.visitOther);
    }
    return this.impulse > CARRYING_IMPULSE;
  }

  private readonly visitFinger = (manifold: TempContactManifold, flipped: boolean): void => {
    const impulse = normalImpulse(manifold);
    this.impulse += impulse;
    const normal = manifold.normal(this.point);
    const force = (flipped ? impulse : -impulse) / PHYSICS_TIMESTEP;
    const at = 3 * this.finger;
    this.fingerForces[at] += normal.x * force;
    this.fingerForces[at + 1] += normal.y * force;
    this.fingerForces[at + 2] += normal.z * force;
    if (Math.abs(normal.z) > STANDING_NORMAL) this.addStandingPoints(manifold);
  };

  private readonly visitHand = (manifold: TempContactManifold): void => {
    this.impulse += normalImpulse(manifold);
    if (Math.abs(manifold.normal(this.point).z) > STANDING_NORMAL) this.addStandingPoints(manifold);
  };

  private readonly visitOther = (manifold: TempContactManifold): void => {
    this.impulse += normalImpulse(manifold);
  };

  private addStandingPoints(manifold: TempContactManifold): void {
    const lastContact = manifold.numContacts() - 1;
    const count = manifold.numSolverContacts();
    for (let i = 0; i < count && this.standingCount < MAX_STANDING_POINTS; i++) {
      if (!manifold.solverContactPoint(i, this.point)) continue;
      const at = 4 * this.standingCount++;
      this.standingPoints[at] = this.point.x;
      this.standingPoints[at + 1] = this.point.y;
      this.standingPoints[at + 2] = this.point.z;
      this.standingPoints[at + 3] = manifold.contactDist(Math.min(i, lastContact));
    }
  }
}

function normalImpulse(manifold: TempContactManifold): number {
  let sum = 0;
  const count = manifold.numContacts();
  for (let i = 0; i < count; i++) sum += manifold.contactImpulse(i);
  return sum;
}
