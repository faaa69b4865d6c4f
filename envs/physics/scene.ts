import { type Collider, ColliderDesc, RigidBodyDesc, type World } from '@dimforge/rapier3d-simd-compat';
import type { Actor } from '../bodies/actor.js';
import type { ArmSolver } from '../panda/arm_solver.js';
import type { PandaKinematics } from '../panda/kinematics.js';
import type { Robot } from '../robots/robot.js';
import { ActorBody } from './actor_body.js';
import { ActorContacts } from './contacts.js';
import { GripVelocities } from './grip_velocities.js';
import { GripperBodies } from './gripper_bodies.js';
import { COLLISION_GROUPS, createWorld } from './rapier.js';

/** ManiSkill's table, whose top is the plane z = 0: centre and half edge lengths. */
const TABLE_CENTRE = [-0.12, 0, -0.45982146] as const;
const TABLE_HALF_SIZE = [0.6045, 1.209, 0.45982146] as const;
const TABLE_FRICTION = 0.3;

/** An actor that moves freely, with its body and contacts in a scene. */
export interface SceneActor {
  actor: Actor;
  body: ActorBody;
  contacts: ActorContacts;
}

/**
 * A Rapier world with table, gripper and the actors that collide. Every episode gets a new one, built in the same order from
 * its state alone, so nothing that ran before can reach into it.
 */
export class Scene {
  readonly gripper: GripperBodies;
  readonly actors: readonly SceneActor[];
  private readonly world: World;
  private readonly gripVelocities: GripVelocities;

  /**
   * Builds the scene with the actors in their states; the gripper is to be placed next. `leftPadFirst` is for
   * {@link GripVelocities}; all friction is multiplied by `frictionScale`.
   */
  constructor(robot: Robot, actors: readonly Actor[], leftPadFirst: boolean, frictionScale: number) {
    const world = createWorld();
    this.world = world;
    const table = addTable(world);
    this.gripper = new GripperBodies(world, robot.handBoxes);
    this.gripVelocities = new GripVelocities(world, this.gripper, leftPadFirst);
    const bodies = actors.filter(({ collides }) => collides).map((actor) => new ActorBody(world, actor));
    const free = bodies.filter(({ actor: { motion } }) => motion === 'dynamic');
    this.actors = free.map((body) => {
      const others = [table, ...bodies.filter((other) => other !== body).flatMap((other) => other.colliders)];
      return { actor: body.actor, body, contacts: new ActorContacts(world, body, this.gripper, others) };
    });
    world.forEachCollider((collider) => collider.setFriction(frictionScale * collider.friction()));
  }

  /** Moves the hand to `kinematics` (at `qpos` [9]) within one physics step and takes over where all else has gone. */
  step(kinematics: PandaKinematics, qpos: Float64Array): void {
    this.gripper.moveHand(kinematics, qpos);
    this.world.step();
    this.gripper.readPositions(qpos);
    for (const { body, contacts } of this.actors) {
      body.read();
      contacts.read();
    }
  }

  /** True if the fingers hold one of the actors between their pads. */
  get isHolding(): boolean {
    return this.actors.some(isHeld);
  }

  /**
   * Adds the velocities to `qvel` [9] that PhysX reports of the joints of `arm` and its fingers, whose drives pull
   * towards `fingerTarget`, because of what they hold.
   */
  addGripVelocities(qvel: Float64Array, arm: ArmSolver, fingerTarget: number): void {
    const held = this.actors.find(isHeld);
    if (held) this.gripVelocities.addTo(qvel, held.body, arm, fingerTarget);
  }

  /** Frees the world's memory. */
  free(): void {
    this.world.free();
  }
}

function isHeld({ contacts: { padImpulses } }: SceneActor): boolean {
  return padImpulses[0] > 0 && padImpulses[1] > 0;
}

function addTable(world: World): Collider {
  const body = world.createRigidBody(RigidBodyDesc.fixed().setTranslation(...TABLE_CENTRE));
  return world.createCollider(
    ColliderDesc.cuboid(...TABLE_HALF_SIZE)
      .setFriction(TABLE_FRICTION)
      .setCollisionGroups(COLLISION_GROUPS.table),
    body,
  );
}
