import type { EnvironmentSpec } from '../env.js';
import { TASKS, taskOf } from '../registry.js';
import { ScriptedExpert } from './scripted_expert.js';

/** How a demonstrator deviates from its best. */
export interface ExpertOptions {
  seed: number;
  /** Standard deviation of the Gaussian noise added to the arm's movements, as shares of the largest. */
  actionNoise: number;
  /** Share of episodes, 0 to 1, that are spoilt on purpose, by a flaw of the task's script or by being slow. */
  imperfectShare: number;
  /** Share of its speed that it moves at, above 0 and up to 1. */
  speed: number;
}

/**
 * A scripted demonstrator. Its actions follow from the observation alone, which is what makes them easy to imitate;
 * only noise and flaws are drawn per episode, from the seeds.
 */
export interface Expert {
  /** Starts an episode. The same options and episode seed give the same noise and flaws. */
  reset(episodeSeed: number): void;

  /** Writes the action [actionDim], within its bounds, for `observation` [observationDim] into `action`. */
  act(observation: Float32Array, action: Float32Array): void;
}

/** The ids of the environments that have an expert. */
export const EXPERT_ENV_IDS: readonly string[] = TASKS.filter(({ expert }) => expert).map(({ id }) => id);

/** The expert of an environment, in its control mode. Throws if there is none, or on options out of range. */
export function makeExpert(spec: EnvironmentSpec, options: ExpertOptions): Expert {
  const task = taskOf(spec.envId);
  if (!task.expert) throw new Error(`no expert for "${spec.envId}"; there are: ${EXPERT_ENV_IDS.join(', ')}`);
  const { actionNoise, imperfectShare, speed } = options;
  if (!(actionNoise >= 0)) throw new RangeError(`actionNoise is ${actionNoise}; it must be 0 or more`);
  if (!(imperfectShare >= 0 && imperfectShare <= 1)) {
    throw new RangeError(`imperfectShare is ${imperfectShare}; it must lie between 0 and 1`);
  }
  if (!(speed > 0 && speed <= 1)) throw new RangeError(`speed is ${speed}; it must be above 0 and up to 1`);
  return new ScriptedExpert(task, task.expert, spec, options);
}
