import { ACTOR_STATE_SIZE } from '../bodies/actor.js';
import type { EnvironmentState } from '../env.js';
import { ROBOT_JOINTS } from '../panda/model.js';
import type { PandaWorld } from '../physics/panda_world.js';
import type { Task } from './task.js';

/** The table among the actors of every state. */
export const TABLE_NAME = 'table-workspace';
/** Its row in ManiSkill's files; it never moves. */
const TABLE_STATE = [-0.12, 0, -0.9196429, Math.SQRT1_2, 0, 0, Math.SQRT1_2, 0, 0, 0, 0, 0, 0];

const ROOT_SIZE = 13;
const ROBOT_STATE_SIZE = ROOT_SIZE + 2 * ROBOT_JOINTS;

/** A copy of the world's state in ManiSkill's `env_states` layout. */
export function readState(task: Task, world: PandaWorld): EnvironmentState {
  const actors: Record<string, Float64Array> = { [TABLE_NAME]: Float64Array.from(TABLE_STATE) };
  for (const actor of task.actors) actors[actor.name] = Float64Array.from(actor.state);
  const robot = new Float64Array(ROBOT_STATE_SIZE);
  robot.set(task.basePose);
  robot.set(world.qpos, ROOT_SIZE);
  robot.set(world.qvel, ROOT_SIZE + ROBOT_JOINTS);
  return { actors, articulations: { [task.robot.name]: robot } };
}

/**
 * Puts the world in `state`. The table and the robot's root stay where they are. Throws, before anything is changed, if
 * an actor or the robot is missing, unknown, of the wrong length or not finite.
 */
export function writeState(state: EnvironmentState, task: Task, world: PandaWorld): void {
  checkRows(
    'actor',
    state.actors,
    [TABLE_NAME, ...task.actors.map((actor) => actor.name)],
    ACTOR_STATE_SIZE,
    task,
  );
  checkRows('articulation', state.articulations, [task.robot.name], ROBOT_STATE_SIZE, task);
  for (const actor of task.actors) actor.state.set(state.actors[actor.name]);
  const robot = state.articulations[task.robot.name];
  world.resetAnywhere(
    robot.subarray(ROOT_SIZE, ROOT_SIZE + ROBOT_JOINTS),
    robot.subarray(ROOT_SIZE + ROBOT_JOINTS, ROBOT_STATE_SIZE),
  );
}

/** The joint positions [9] of the robot in `state`: arm (radians), left and right finger (metres). Not a copy. */
export function jointPositions({ articulations }: EnvironmentState, robot: string): Float64Array {
  return articulations[robot].subarray(ROOT_SIZE, ROOT_SIZE + ROBOT_JOINTS);
}

/** The joint velocities [9], per second, likewise. Not a copy. */
export function jointVelocities({ articulations }: EnvironmentState, robot: string): Float64Array {
  return articulations[robot].subarray(ROOT_SIZE + ROBOT_JOINTS, ROBOT_STATE_SIZE);
}

function checkRows(
  kind: string,
  rows: Record<string, Float64Array>,
  names: readonly string[],
  size: number,
  { envId }: Task,
): void {
  for (const name of Object.keys(rows)) {
    if (!names.includes(name))
      throw new Error(`${envId} has no ${kind} "${name}"; it has: ${names.join(', ')}`);
  }
  for (const name of names) {
    const row = rows[name];
    if (!row) throw new Error(`${envId}: the state lacks the ${kind} "${name}"`);
    if (row.length !== size) {
      throw new Error(`${envId}: the state of ${kind} "${name}" has ${row.length} values; it takes ${size}`);
    }
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new Error(`${envId}: value ${wrong} of ${kind} "${name}" is ${row[wrong]}, not finite`);
  }
}
