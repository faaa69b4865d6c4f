import { environmentEntry, environmentIds } from '../../envs/registry.js';
import type { Config, Settings } from './schema.js';

/** The configuration with the task's own horizon where it names none. An unknown task is left to be refused later. */
export function withHorizons(settings: Settings): Config {
  const { env, eval_env: evalEnv } = settings;
  const horizon = ownHorizon(env.env_id);
  return {
    ...settings,
    env: { ...env, max_episode_steps: env.max_episode_steps ?? horizon },
    eval_env: { ...evalEnv, max_episode_steps: evalEnv.max_episode_steps ?? horizon },
  };
}

/** The settings that give this configuration: without the horizons that are the task's own. */
export function withoutOwnHorizons(config: Config): Settings {
  const { env, eval_env: evalEnv } = config;
  const chosen = (steps: number) => (steps === ownHorizon(env.env_id) ? null : steps);
  return {
    ...config,
    env: { ...env, max_episode_steps: chosen(env.max_episode_steps) },
    eval_env: { ...evalEnv, max_episode_steps: chosen(evalEnv.max_episode_steps) },
  };
}

/** A task's own horizon; without a task there are no episodes to end. */
function ownHorizon(envId: string | null): number {
  return envId !== null && environmentIds().includes(envId) ? environmentEntry(envId).maxEpisodeSteps : 1;
}
