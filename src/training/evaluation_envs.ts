import type { Config } from '../config/schema.js';
import { streamSeed } from '../rng.js';
import { createVectorEnvironment } from '../rollout/create_vector_env.js';
import type { VectorEnvironment } from '../rollout/vector_env.js';

/** The environments that evaluations run in: always the same episodes, those of `eval_env.seed`. */
export function createEvaluationEnvs(config: Config): Promise<VectorEnvironment> {
  const { env, eval_env: evalEnv } = config;
  return createVectorEnvironment({
    envId: env.env_id,
    controlMode: env.env_kwargs.control_mode,
    rewardMode: env.env_kwargs.reward_mode,
    maxEpisodeSteps: evalEnv.max_episode_steps,
    numEnvs: evalEnv.num_envs,
    numWorkers: 0,
    seed: evaluationSeed(config),
    ignoreTerminations: true,
  });
}

/** Seed of the vector environment that evaluations run in: episode e runs with `hashSeed(evaluationSeed(config), e)`. */
export function evaluationSeed({ eval_env }: Config): number {
  return streamSeed(eval_env.seed, 'eval-episodes');
}

/** How many full-length episodes an evaluation has: `sac.eval_episodes`, or as many as `sac.eval_steps` hold. */
export function evaluationEpisodes(config: Config): number {
  const { sac, eval_env: evalEnv } = config;
  const perEnv = Math.max(1, Math.floor(sac.eval_steps / evalEnv.max_episode_steps));
  return sac.eval_episodes ?? perEnv * evalEnv.num_envs;
}
