import { taskOf } from '../../envs/registry.js';

/** The settings of a training that give its policy so many steps, as a user writes them. */
export function horizonSettings(steps: number): string {
  return `env.max_episode_steps=${steps} eval_env.max_episode_steps=${steps}`;
}

/** Settings for what the default recipe has for a task that looks the same in a mirror. */
const WITHOUT_SYMMETRY = ['train.augment_mirror=False', 'train.augment_turn=0', 'network.observations=null'];

/** The settings that turn the default training into one of a task that is known here, as a user writes them. */
export function taskSettings(envId: string): string[] {
  return [`env.env_id=${envId}`, ...(taskOf(envId).isSymmetric ? [] : WITHOUT_SYMMETRY)];
}
