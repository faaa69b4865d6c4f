import { init, World } from '@dimforge/rapier3d-simd-compat';
import { PHYSICS_TIMESTEP } from '../panda/model.js';

export const GRAVITY = 9.81;
/** Solver iterations per physics step, as many as PhysX's. With a few, friction gives way: what is gripped askew turns. */
const ITERATIONS = 15;
/**
 * Typical object size, metres, that Rapier scales its tolerances with. With the default of 1 it keeps contacts between
 * bodies that have moved centimetres apart, and pushes them.
 */
const LENGTH_UNIT = 0.02;
/** Distance at which contacts are predicted, in length units. */
const PREDICTION_DISTANCE = 0.1;
/** Stiffness of contacts, Hz. The default of 30 gives way under the 28 N of a closing gripper. */
const CONTACT_FREQUENCY = 250;

let loading: Promise<void> | undefined;

/** Loads the physics engine; the first call does the work. */
export function loadRapier(): Promise<void> {
  loading ??= init();
  return loading;
}

/** An empty world with the settings under which Rapier comes closest to ManiSkill. Call {@link loadRapier} first. */
export function createWorld(): World {
  const world = new World({ x: 0, y: 0, z: -GRAVITY });
  world.timestep = PHYSICS_TIMESTEP;
  world.lengthUnit = LENGTH_UNIT;
  world.numSolverIterations = ITERATIONS;
  world.integrationParameters.normalizedPredictionDistance = PREDICTION_DISTANCE;
  world.integrationParameters.contact_natural_frequency = CONTACT_FREQUENCY;
  return world;
}

/**
 * Groups of colliders, and which of them meet: the robot touches actors only (the arm solver has its table contacts).
 * Obstacles are actors that don't move freely.
 */
export const COLLISION_GROUPS = {
  table: interactionGroups(1, 4),
  robot: interactionGroups(2, 4 | 8),
  actor: interactionGroups(4, 1 | 2 | 4 | 8),
  obstacle: interactionGroups(8, 2 | 4),
} as const;

function interactionGroups(membership: number, filter: number): number {
  return (membership << 16) | filter;
}
