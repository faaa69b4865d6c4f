import type { Config } from '../../config/schema.js';
import { neededTask } from '../../config/task.js';
import { streamSeed } from '../../rng.js';
import { createVectorEnvironment } from '../../rollout/create_vector_env.js';
import type { VectorEnvironment } from '../../rollout/vector_env.js';

/** The environments that evaluations run in: always the same episodes, those of `eval_env.seed`. */
export function createEvaluationEnvs(config: Pick<Config, 'env' | 'eval_env'>): Promise<VectorEnvironment> {
  const { eval_env: evalEnv } = config;
  return createVectorEnvironment({
    ...neededTask(config, 'an evaluation'),
    maxEpisodeSteps: evalEnv.max_episode_steps,
    numEnvs: evalEnv.num_envs,
    numWorkers: 0,
    seed: evaluationSeed(config),
    ignoreTerminations: true,
  });
}

/** Seed of the vector environment that evaluations run in: episode e runs with `hashSeed(evaluationSeed(config), e)`. */
export function evaluationSeed({ eval_env }: Pick<Config, 'eval_env'>): number {
  return streamSeed(eval_env.seed, 'eval-episodes');
}

/**
 * The number of full-length episodes of an evaluation: `train.eval_episodes`, or as many as `train.eval_steps` hold.
 */
export function evaluationEpisodes(config: Pick<Config, 'train' | 'eval_env'>): number {
  const { train, eval_env: evalEnv } = config;
  const perEnv = Math.max(1, Math.floor(train.eval_steps / evalEnv.max_episode_steps));
  return train.eval_episodes ?? perEnv * evalEnv.num_envs;
}
