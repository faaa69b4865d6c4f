import type { TerminationFunction } from '../../envs/definition.js';
import type { EnvironmentSpec, RewardMode } from '../../envs/env.js';
import { normalizedScore } from '../../envs/reference_scores.js';
import { environmentEntry, environmentSpec } from '../../envs/registry.js';
import { type Measure, USUAL_MEASURE } from '../../envs/success.js';
import { UserError } from '../errors.js';
import type { Config } from './schema.js';

/** The choices from which a task's environments are made. */
export interface TaskChoice {
  envId: string;
  controlMode: string;
  rewardMode: RewardMode;
}

/** The task of a configuration; null if it learns from data alone. */
export function taskOf({ env }: Pick<Config, 'env'>): TaskChoice | null {
  const { env_id: envId, env_kwargs: kwargs } = env;
  return envId === null ? null : { envId, controlMode: kwargs.control_mode, rewardMode: kwargs.reward_mode };
}

/** Spec of the environments that experience is made in; null without a task. Throws if the task lacks the modes. */
export function taskSpecOf({ env }: Pick<Config, 'env'>): EnvironmentSpec | null {
  const task = taskOf({ env });
  return task && environmentSpec(task.envId, { ...task, maxEpisodeSteps: env.max_episode_steps });
}

/** The measure by which a configuration's policies are chosen: as its task says, if it has one. */
export function measureOf({ env }: Pick<Config, 'env'>): Measure {
  return env.env_id === null ? USUAL_MEASURE : environmentEntry(env.env_id).judgedBy;
}

/** The place of a mean return between random, 0, and expert, 100; null where the task has no reference scores. */
export function normalizedReturn({ env }: Pick<Config, 'env'>, meanReturn: number): number | null {
  if (env.env_id === null) return null;
  const { referenceScores } = environmentEntry(env.env_id);
  return referenceScores && normalizedScore(meanReturn, referenceScores);
}

/**
 * The test of what ends an episode of a configuration's task. Throws a UserError that names the task and `user` if there is none:
 * rollouts in a model would go on where the task is over.
 */
export function neededTermination({ env }: Pick<Config, 'env'>, user: string): TerminationFunction {
  const { env_id: envId } = env;
  if (envId === null) {
    throw new UserError(
      `${user} needs a task, which tells where its rollouts end, and env.env_id is null: give the data's`,
    );
  }
  const { terminated } = environmentEntry(envId);
  if (terminated) return terminated;
  throw new UserError(
    `${user} has to know where its rollouts end, and nothing observed in ${envId} tells: choose another algorithm`,
  );
}

/** The task of a configuration that must have one. Throws a UserError that names `user`. */
export function neededTask(config: Pick<Config, 'env'>, user: string): TaskChoice {
  const task = taskOf(config);
  if (task) return task;
  throw new UserError(`${user} needs a task, and env.env_id is null: the policy was learnt from data alone`);
}
