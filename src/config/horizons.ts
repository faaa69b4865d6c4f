import { environmentEntry, environmentIds } from '../../envs/registry.js';
import type { Config, Settings } from './schema.js';

/** The configuration with the task's own horizon where it names none. An unknown task is left to be refused later. */
export function withHorizons(settings: Settings): Config {
  const { env, eval_env: evalEnv } = settings;
  const { env_id: envId } = env;
  const horizon =
    envId !== null && environmentIds().includes(envId) ? environmentEntry(envId).maxEpisodeSteps : 1;
  return {
    ...settings,
    env: { ...env, max_episode_steps: env.max_episode_steps ?? horizon },
    eval_env: { ...evalEnv, max_episode_steps: evalEnv.max_episode_steps ?? horizon },
  };
}
