import { ACTOR_STATE_SIZE } from '../bodies/actor.js';
import { checkRows } from '../checks.js';
import type { EnvironmentState } from '../env.js';
import { ROBOT_JOINTS } from '../panda/model.js';
import type { PandaWorld } from '../physics/panda_world.js';
import { checkPossible } from './possible_state.js';
import { type Numbers, TABLE_NAME } from './task.js';
import type { TaskInstance } from './task_instance.js';

/** The table's row in ManiSkill's files; it never moves. */
const TABLE_STATE = [-0.12, 0, -0.9196429, Math.SQRT1_2, 0, 0, Math.SQRT1_2, 0, 0, 0, 0, 0, 0];

const ROOT_SIZE = 13;
const ROBOT_STATE_SIZE = ROOT_SIZE + 2 * ROBOT_JOINTS;

/** A copy of the present state in ManiSkill's `env_states` layout. */
export function readState(
  { task, actors, memory, geometry }: TaskInstance,
  world: PandaWorld,
): EnvironmentState {
  const rows: Record<string, Float64Array> = { [TABLE_NAME]: Float64Array.from(TABLE_STATE) };
  for (const actor of actors) rows[actor.name] = Float64Array.from(actor.state);
  const robot = new Float64Array(ROBOT_STATE_SIZE);
  robot.set(task.basePose);
  robot.set(world.qpos, ROOT_SIZE);
  robot.set(world.qvel, ROOT_SIZE + ROBOT_JOINTS);
  return {
    actors: rows,
    articulations: { [task.robot.name]: robot },
    ...(task.memory && { memory: toRows(memory) }),
    ...(task.geometry && { geometry: toRows(geometry) }),
  };
}

/**
 * Puts the world in `state`. The table and the robot's root stay where they are, and so do memory and geometry that the
 * state does not have. Throws, before anything is changed, as {@link checkState} does, or if it has a geometry that can't be
 * built.
 */
export function writeState(state: EnvironmentState, instance: TaskInstance, world: PandaWorld): void {
  checkState(state, instance);
  const { task, actors } = instance;
  instance.shape(geometryIn(state, instance));
  if (state.memory) Object.assign(instance.memory, fromRows(state.memory));
  for (const actor of actors) actor.state.set(state.actors[actor.name]);
  const robot = state.articulations[task.robot.name];
  world.resetAnywhere(
    robot.subarray(ROOT_SIZE, ROOT_SIZE + ROBOT_JOINTS),
    robot.subarray(ROOT_SIZE + ROBOT_JOINTS, ROBOT_STATE_SIZE),
  );
}

/** Throws if a part of `state` is missing, unknown, of the wrong length or not finite, or if bodies are in each other. */
export function checkState(state: EnvironmentState, instance: TaskInstance): void {
  const { task, actors, memory, geometry } = instance;
  const check = (kind: string, rows: Record<string, Float64Array>, names: readonly string[], size: number) =>
    checkRows(task.id, kind, rows, Object.fromEntries(names.map((name) => [name, size])));
  check('actor', state.actors, [TABLE_NAME, ...actors.map(({ name }) => name)], ACTOR_STATE_SIZE);
  check('articulation', state.articulations, [task.robot.name], ROBOT_STATE_SIZE);
  if (state.memory) check('memory', state.memory, Object.keys(memory), 1);
  if (state.geometry) check('geometry', state.geometry, Object.keys(geometry), 1);
  checkPossible(task, task.bodies(geometryIn(state, instance)), state.actors);
}

function geometryIn(state: EnvironmentState, { geometry }: TaskInstance): Numbers {
  return state.geometry ? fromRows(state.geometry) : geometry;
}

/** The joint positions [9] of the robot in `state`: arm (radians), left and right finger (metres). Not a copy. */
export function jointPositions({ articulations }: EnvironmentState, robot: string): Float64Array {
  return articulations[robot].subarray(ROOT_SIZE, ROOT_SIZE + ROBOT_JOINTS);
}

/** The joint velocities [9] of the robot in `state`: radians and metres per second, in the same order. Not a copy. */
export function jointVelocities({ articulations }: EnvironmentState, robot: string): Float64Array {
  return articulations[robot].subarray(ROOT_SIZE + ROBOT_JOINTS, ROBOT_STATE_SIZE);
}

/** Numbers as rows of a state. */
export function toRows(numbers: Numbers): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Float64Array.of(value)]));
}

/** Rows of a state as numbers. */
export function fromRows(rows: Record<string, Float64Array>): Numbers {
  return Object.fromEntries(Object.entries(rows).map(([name, [value]]) => [name, value]));
}
