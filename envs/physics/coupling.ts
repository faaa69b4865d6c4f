import type { Actor } from '../bodies/actor.js';
import type { ArmSolver } from '../panda/arm_solver.js';
import { FINGER_FRICTION, LINK_FRICTION, PHYSICS_TIMESTEP } from '../panda/model.js';
import type { ActorBody } from './actor_body.js';
import { GRAVITY } from './rapier.js';
import type { SceneActor } from './scene.js';

const PAD_FRICTION = (FINGER_FRICTION + LINK_FRICTION) / 2;
/** Force of each finger on what it grips, N. */
const GRIP_FORCE = 28;
const LAST_JOINT = 6;
/** Height, metres, under which a corner of a held actor stands on the table. */
const CORNER_MARGIN = 0.004;
/**
 * Largest impulse that friction under both fingers passes on to the arm per physics step and corner, of four, N·s.
 */
const MAX_CORNER_IMPULSE = (PAD_FRICTION * GRIP_FORCE * 2 * PHYSICS_TIMESTEP) / 4;

/**
 * Lets an actor act back on the arm during the next physics step, by its contacts in the last one. The hand is
 * kinematic in Rapier, so without this it would feel nothing: a held cube would hang 5.5 mm too high.
 */
export function applyActorToArm(arm: ArmSolver, { actor, body, contacts }: SceneActor): void {
  if (contacts.isSupported) {
    addStandingContacts(arm, contacts.standingPoints, contacts.standingCount);
    if (contacts.padImpulses[0] > 0 && contacts.padImpulses[1] > 0) addHeldCorners(arm, actor);
  } else if (contacts.robotImpulse > 0) {
    addLoad(arm, body);
  }
}

const centre = new Float64Array(3);

/** The robot carries the actor alone: −m·(Δv/dt − g) at its centre of mass. */
function addLoad(arm: ArmSolver, body: ActorBody): void {
  const { mass, velocityChange } = body;
  const scale = -mass / PHYSICS_TIMESTEP;
  body.readCentre(centre);
  arm.addForceOnHand(
    scale * velocityChange[0],
    scale * velocityChange[1],
    scale * velocityChange[2] - mass * GRAVITY,
    centre[0],
    centre[1],
    centre[2],
  );
}

/** The robot stands on a supported actor: it can't go deeper. */
function addStandingContacts(arm: ArmSolver, points: Float64Array, count: number): void {
  for (let i = 0; i < 4 * count; i += 4) {
    arm.contacts.add(points[i], points[i + 1], points[i + 2], points[i + 3], LAST_JOINT, PAD_FRICTION);
  }
}

/** The robot presses what it grips onto the table: the actor's low corners stop the arm, as far as the grip holds. */
function addHeldCorners(arm: ArmSolver, { state, corners }: Actor): void {
  const w = state[3];
  const qx = state[4];
  const qy = state[5];
  const qz = state[6];
  for (let i = 0; i < corners.length; i += 4) {
    const x = corners[i];
    const y = corners[i + 1];
    const z = corners[i + 2];
    const tx = 2 * (qy * z - qz * y);
    const ty = 2 * (qz * x - qx * z);
    const tz = 2 * (qx * y - qy * x);
    const height = state[2] + z + w * tz + qx * ty - qy * tx - corners[i + 3];
    if (height >= CORNER_MARGIN) continue;
    arm.contacts.add(
      state[0] + x + w * tx + qy * tz - qz * ty,
      state[1] + y + w * ty + qz * tx - qx * tz,
      height,
      height,
      LAST_JOINT,
      LINK_FRICTION,
      arm.contacts.frictionScale * MAX_CORNER_IMPULSE,
    );
  }
}
