import {
  type Collider,
  ColliderDesc,
  type RigidBody,
  RigidBodyDesc,
  type World,
} from '@dimforge/rapier3d-simd-compat';
import type { Actor } from './actor.js';
import { COLLISION_GROUPS } from './rapier.js';

/** Loss of angular velocity per second, ManiSkill's default. */
const ANGULAR_DAMPING = 0.05;

/** A dynamic actor as a body of a Rapier world. */
export class ActorBody {
  readonly colliders: readonly Collider[];
  /** [3]: change of velocity over the last step of the world, m/s. */
  readonly velocityChange = new Float64Array(3);

  private readonly body: RigidBody;
  private readonly vector = { x: 0, y: 0, z: 0 };
  private readonly rotation = { w: 1, x: 0, y: 0, z: 0 };

  constructor(
    world: World,
    readonly actor: Actor,
  ) {
    const { boxes, density, friction } = actor.description;
    this.body = world.createRigidBody(
      RigidBodyDesc.dynamic().setAngularDamping(ANGULAR_DAMPING).setCanSleep(false),
    );
    this.colliders = boxes.map(({ pose: [x, y, z, qw, qx, qy, qz], halfSize }) =>
      world.createCollider(
        ColliderDesc.cuboid(halfSize[0], halfSize[1], halfSize[2])
          .setTranslation(x, y, z)
          .setRotation({ w: qw, x: qx, y: qy, z: qz })
          .setDensity(actor.massScale * density)
          .setFriction(friction)
          .setCollisionGroups(COLLISION_GROUPS.actor),
        this.body,
      ),
    );
    this.write();
  }

  /** Puts the body in the actor's state. */
  write(): void {
    const { body, vector, rotation } = this;
    const s = this.actor.state;
    rotation.w = s[3];
    rotation.x = s[4];
    rotation.y = s[5];
    rotation.z = s[6];
    body.setTranslation(toVector(vector, s, 0), true);
    body.setRotation(rotation, true);
    body.setLinvel(toVector(vector, s, 7), true);
    body.setAngvel(toVector(vector, s, 10), true);
    this.velocityChange.fill(0);
  }

  /** Writes its centre of mass to `centre` [3] and its inverse inertia about it to `inverse` [3, 3], world frame. */
  readInertia(centre: Float64Array, inverse: Float64Array): void {
    const { vector } = this;
    this.body.worldCom(vector);
    centre[0] = vector.x;
    centre[1] = vector.y;
    centre[2] = vector.z;
    const [xx, xy, xz, yy, yz, zz] = this.body.effectiveWorldInvInertia().elements;
    inverse.set([xx, xy, xz, xy, yy, yz, xz, yz, zz]);
  }

  /** Takes the body's state over into the actor. */
  read(): void {
    const { body, vector, rotation, velocityChange } = this;
    const s = this.actor.state;
    body.translation(vector);
    s[0] = vector.x;
    s[1] = vector.y;
    s[2] = vector.z;
    body.rotation(rotation);
    s[3] = rotation.w;
    s[4] = rotation.x;
    s[5] = rotation.y;
    s[6] = rotation.z;
    body.linvel(vector);
    velocityChange[0] = vector.x - s[7];
    velocityChange[1] = vector.y - s[8];
    velocityChange[2] = vector.z - s[9];
    s[7] = vector.x;
    s[8] = vector.y;
    s[9] = vector.z;
    body.angvel(vector);
    s[10] = vector.x;
    s[11] = vector.y;
    s[12] = vector.z;
  }
}

function toVector<T extends { x: number; y: number; z: number }>(
  out: T,
  values: Float32Array,
  at: number,
): T {
  out.x = values[at];
  out.y = values[at + 1];
  out.z = values[at + 2];
  return out;
}
