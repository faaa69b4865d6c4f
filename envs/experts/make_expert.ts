import type { EnvironmentSpec } from '../env.js';
import { environmentEntry, tableTopTasks, taskOf } from '../registry.js';
import type { Expert, ExpertOptions } from './expert.js';
import { ScriptedExpert, WITHOUT_TURNS } from './scripted_expert.js';

/** The ids of the environments that have an expert. */
export function expertEnvIds(): string[] {
  return tableTopTasks().flatMap(({ id, expert }) => (expert ? id : []));
}

/** The control modes in which the expert of a task can do it. */
export function expertControlModes(envId: string): string[] {
  const needsTurns = taskOf(envId).expert?.needsTurns ?? false;
  return environmentEntry(envId).controlModes.filter((mode) => !needsTurns || mode !== WITHOUT_TURNS);
}

/** The expert of an environment, in its control mode. Throws if there is none, or on options out of range. */
export function makeExpert(spec: EnvironmentSpec, options: ExpertOptions): Expert {
  const task = tableTopTasks().find(({ id }) => id === spec.envId);
  if (!task?.expert)
    throw new Error(`no expert for "${spec.envId}"; there are: ${expertEnvIds().join(', ')}`);
  const { actionNoise, imperfectShare, speed } = options;
  if (!(actionNoise >= 0)) throw new RangeError(`actionNoise is ${actionNoise}; it must be 0 or more`);
  if (!(imperfectShare >= 0 && imperfectShare <= 1)) {
    throw new RangeError(`imperfectShare is ${imperfectShare}; it must lie between 0 and 1`);
  }
  if (!(speed > 0 && speed <= 1)) throw new RangeError(`speed is ${speed}; it must be above 0 and up to 1`);
  return new ScriptedExpert(task, task.expert, spec, options);
}
