import { MEASURE_WORDS } from '../success.js';
import type { TaskDefinition, TaskNames } from './task.js';
import { TABLE_NAME } from './task.js';

/** A checked task, whatever names it has chosen. */
export type Task = TaskDefinition;

/** The term that raises the sum of a task's own terms to the reward of a success. */
export const SUCCESS_TERM = 'success';

/**
 * Checks the definition of a task, and lets its functions know the names that it has chosen. Throws, naming the task and
 * what is wrong. Bodies and parts are checked where they are made.
 */
export function defineTask<
  Body extends string,
  const Flag extends string = never,
  const Num extends string = never,
  Memory extends string = never,
  Geometry extends string = never,
  const Term extends string = never,
>(
  task: TaskDefinition<{
    body: Body;
    flag: Flag;
    number: Num;
    memory: Memory;
    geometry: Geometry;
    term: Term;
  }>,
): Task {
  check(task);
  return task;
}

function check<N extends TaskNames>({
  id,
  horizon,
  camera,
  flags = [],
  numbers = [],
  judgedBy,
  reward,
  observation,
  expert,
}: TaskDefinition<N>): void {
  const refuse = (problem: string): never => {
    throw new Error(`task ${id}: ${problem}`);
  };
  if (!(Number.isInteger(horizon) && horizon > 0))
    refuse(`its horizon is ${horizon}; it must be 1 or more steps`);
  if (!camera) refuse('it has no camera, without which no picture can be taken of it');
  for (const what of ['eye', 'target'] as const) {
    if (!(camera[what]?.length === 3 && camera[what].every(Number.isFinite)))
      refuse(`its camera's ${what} is [${camera[what]}]; it must be a point of 3 numbers`);
  }
  if (!(camera.verticalFovRadians > 0 && camera.verticalFovRadians < Math.PI))
    refuse(`its camera's verticalFovRadians is ${camera.verticalFovRadians}; it must lie between 0 and π`);
  if (judgedBy !== undefined && !Object.hasOwn(MEASURE_WORDS, judgedBy))
    refuse(`it is judged by "${judgedBy}"; there are: ${Object.keys(MEASURE_WORDS).join(', ')}`);
  if (expert && observation['tcp_pose']?.kind !== 'pose')
    refuse("its expert can't see the tool: its observation must have the robot's tcp_pose, a pose");
  refuseTwice('info', [...flags, ...numbers]);
  refuseTwice('reward term', [SUCCESS_TERM, ...(reward?.terms ?? [])]);

  function refuseTwice(kind: string, names: readonly string[]): void {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) refuse(`there are two of the ${kind} "${twice}"`);
  }
}

/** Throws, naming it, if a body has a name that is taken. */
export function checkBodyNames({ id, robot }: Task, names: readonly string[]): void {
  const taken = names.find((name) => name === TABLE_NAME || name === robot.name);
  if (taken !== undefined)
    throw new Error(`task ${id}: a body can't be called "${taken}": that name is taken`);
}
