/** The settings of a training that give its policy so many steps, as a user writes them. */
export function horizonSettings(steps: number): string {
  return `env.max_episode_steps=${steps} eval_env.max_episode_steps=${steps}`;
}
