import type { EnvironmentEntry } from '../../envs/definition.js';
import { CONTROL_MODES } from '../../envs/panda/controllers.js';
import { knownEnvironment } from '../../envs/registry.js';
import type { Config, Settings } from './schema.js';

type TaskDefaults = Pick<EnvironmentEntry, 'maxEpisodeSteps' | 'controlModes' | 'defaultRewardMode'>;

/** Without a task there are no episodes to end, and nothing that acts or rewards. */
const WITHOUT_TASK: TaskDefaults = {
  maxEpisodeSteps: 1,
  controlModes: CONTROL_MODES,
  defaultRewardMode: 'sparse',
};

/**
 * The configuration with the task's own horizon, control mode and reward mode where it names none. An unknown task is left to
 * be refused later.
 */
export function withTaskDefaults(settings: Settings): Config {
  const { env, eval_env: evalEnv } = settings;
  const { maxEpisodeSteps, controlModes, defaultRewardMode } = defaultsOf(env.env_id);
  const { control_mode, reward_mode } = env.env_kwargs;
  return {
    ...settings,
    env: {
      ...env,
      max_episode_steps: env.max_episode_steps ?? maxEpisodeSteps,
      env_kwargs: {
        ...env.env_kwargs,
        control_mode: control_mode ?? controlModes[0],
        reward_mode: reward_mode ?? defaultRewardMode,
      },
    },
    eval_env: { ...evalEnv, max_episode_steps: evalEnv.max_episode_steps ?? maxEpisodeSteps },
  };
}

/** The settings that give this configuration: without what is the task's own. */
export function withoutTaskDefaults(config: Config): Settings {
  const { env, eval_env: evalEnv } = config;
  const { maxEpisodeSteps, controlModes, defaultRewardMode } = defaultsOf(env.env_id);
  const { control_mode, reward_mode } = env.env_kwargs;
  return {
    ...config,
    env: {
      ...env,
      max_episode_steps: unless(env.max_episode_steps, maxEpisodeSteps),
      env_kwargs: {
        ...env.env_kwargs,
        control_mode: unless(control_mode, controlModes[0]),
        reward_mode: unless(reward_mode, defaultRewardMode),
      },
    },
    eval_env: { ...evalEnv, max_episode_steps: unless(evalEnv.max_episode_steps, maxEpisodeSteps) },
  };
}

function unless<T>(value: T, own: unknown): T | null {
  return value === own ? null : value;
}

function defaultsOf(envId: string | null): TaskDefaults {
  return knownEnvironment(envId) ?? WITHOUT_TASK;
}
