import { TASKS } from '../../envs/registry.js';
import type { Config, Settings } from './schema.js';

/** The configuration with the task's own horizon where it names none. An unknown task is left to be refused later. */
export function withHorizons(settings: Settings): Config {
  const { env, eval_env: evalEnv } = settings;
  const horizon = TASKS.find(({ id }) => id === env.env_id)?.horizon ?? 1;
  return {
    ...settings,
    env: { ...env, max_episode_steps: env.max_episode_steps ?? horizon },
    eval_env: { ...evalEnv, max_episode_steps: evalEnv.max_episode_steps ?? horizon },
  };
}
