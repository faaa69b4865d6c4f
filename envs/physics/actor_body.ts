import { type Collider, type RigidBody, RigidBodyDesc, type World } from '@dimforge/rapier3d-simd-compat';
import type { Actor } from '../bodies/actor.js';
import type { Motion } from '../bodies/description.js';
import { volumeOf } from '../bodies/geometry.js';
import { colliderOf } from './collider.js';

/** An actor that collides, as a body of a Rapier world. */
export class ActorBody {
  readonly colliders: readonly Collider[];
  /** kg; 0 if it doesn't move freely. */
  readonly mass: number;
  /** [3]: change of velocity over the last step of the world, m/s. */
  readonly velocityChange = new Float64Array(3);

  private readonly body: RigidBody;
  /** The centre of mass in the actor's frame. */
  private readonly centre: { x: number; y: number; z: number };
  private readonly vector = { x: 0, y: 0, z: 0 };
  private readonly rotation = { w: 1, x: 0, y: 0, z: 0 };

  constructor(
    world: World,
    readonly actor: Actor,
  ) {
    const { motion, mass, linearDamping, angularDamping } = actor.description;
    const parts = actor.collidingParts;
    this.body = world.createRigidBody(
      bodyOf(motion).setLinearDamping(linearDamping).setAngularDamping(angularDamping).setCanSleep(false),
    );
    this.colliders = parts.map((part) => world.createCollider(colliderOf(actor, part), this.body));
    const masses = parts.map(
      ({ geometry, density }, i) => (volumeOf(geometry) ?? this.colliders[i].volume()) * density,
    );
    const described = masses.reduce((sum, each) => sum + each, 0);
    const scale = actor.massScale * (mass === null ? 1 : mass / described);
    this.mass = motion === 'dynamic' ? scale * described : 0;
    parts.forEach(({ density }, i) => {
      this.colliders[i].setDensity(scale * density);
    });
    this.body.recomputeMassPropertiesFromColliders();
    this.centre = this.body.localCom();
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

  /** Writes its centre of mass, as the actor's state has it, to `centre` [3]. */
  readCentre(centre: Float64Array): void {
    const { x, y, z } = this.centre;
    const s = this.actor.state;
    const tx = 2 * (s[5] * z - s[6] * y);
    const ty = 2 * (s[6] * x - s[4] * z);
    const tz = 2 * (s[4] * y - s[5] * x);
    centre[0] = s[0] + x + s[3] * tx + s[5] * tz - s[6] * ty;
    centre[1] = s[1] + y + s[3] * ty + s[6] * tx - s[4] * tz;
    centre[2] = s[2] + z + s[3] * tz + s[4] * ty - s[5] * tx;
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

function bodyOf(motion: Motion): RigidBodyDesc {
  switch (motion) {
    case 'dynamic':
      return RigidBodyDesc.dynamic();
    case 'kinematic':
      return RigidBodyDesc.kinematicPositionBased();
    case 'static':
      return RigidBodyDesc.fixed();
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
