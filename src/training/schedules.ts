import type { Config } from '../config/schema.js';

type Sac = Config['sac'];

/** Critic updates after the training step that ends at `envSteps`: more of them while there is little experience. */
export function gradUpdatesAt(sac: Sac, envSteps: number): number {
  return envSteps < sac.early_env_steps ? earlyGradUpdates(sac) : sac.grad_updates_per_step;
}

/** About how many critic updates a run makes in its first `envSteps` env steps. */
export function gradUpdatesUpTo({ env, sac }: Config, envSteps: number): number {
  const trainingSteps = (end: number) =>
    Math.max(0, end - sac.num_seed_steps) / (env.num_envs * sac.steps_per_env);
  const early = trainingSteps(Math.min(sac.early_env_steps, envSteps));
  return early * earlyGradUpdates(sac) + (trainingSteps(envSteps) - early) * sac.grad_updates_per_step;
}

/** The weight of the cloning term after so many env steps: strong while the critics still have much to learn. */
export function imitationWeight(
  { bc_weight: start, bc_weight_end: end, bc_decay_steps: decaySteps }: Sac,
  envSteps: number,
): number {
  return end === null ? start : start + (end - start) * Math.min(1, envSteps / decaySteps);
}

function earlyGradUpdates(sac: Sac): number {
  return sac.early_grad_updates_per_step ?? sac.grad_updates_per_step;
}
