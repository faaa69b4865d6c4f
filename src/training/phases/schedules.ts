import type { TrainingPhase } from '../../config/phases.js';
import type { Config } from '../../config/schema.js';
import type { Steps } from '../run_progress.js';

type Train = Config['train'];

/** Updates after the training step that ends at `envSteps`: more of them while there is little experience. */
export function gradUpdatesAt(train: Train, envSteps: number): number {
  return envSteps < train.early_env_steps ? earlyGradUpdates(train) : train.grad_updates_per_step;
}

/** The number of updates, about, that a run makes in its first `envSteps` env steps. */
export function gradUpdatesUpTo({ env, train }: Pick<Config, 'env' | 'train'>, envSteps: number): number {
  const trainingSteps = (end: number) =>
    Math.max(0, end - train.num_seed_steps) / (env.num_envs * train.steps_per_env);
  const early = trainingSteps(Math.min(train.early_env_steps, envSteps));
  return early * earlyGradUpdates(train) + (trainingSteps(envSteps) - early) * train.grad_updates_per_step;
}

/** Updates of the phase model. */
export function modelUpdates(train: Train): number {
  return stepsIf('model', train, train.model_steps);
}

/** Updates of the phase clone. */
export function cloneUpdates(train: Train): number {
  return stepsIf('clone', train, train.bc_warm_start_steps);
}

/** Updates of the phase offline. */
export function offlineUpdates(train: Train): number {
  return stepsIf('offline', train, train.offline_steps);
}

/** Env steps of the phase online. */
export function onlineSteps(train: Train): number {
  return stepsIf('online', train, train.steps);
}

/** The steps of all phases of a training. */
export function plannedSteps(train: Train): Steps {
  return {
    cloneSteps: cloneUpdates(train),
    offlineSteps: offlineUpdates(train),
    envSteps: onlineSteps(train),
  };
}

/** The steps of a training that is logged at `logged` of them (see `stepsOf`): it is cloned before, and offline first. */
export function stepsAt(train: Train, logged: number): Steps {
  const offlineSteps = Math.min(logged, offlineUpdates(train));
  return { cloneSteps: cloneUpdates(train), offlineSteps, envSteps: logged - offlineSteps };
}

function stepsIf(phase: TrainingPhase, { phases }: Train, steps: number): number {
  return phases.includes(phase) ? steps : 0;
}

function earlyGradUpdates(train: Train): number {
  return train.early_grad_updates_per_step ?? train.grad_updates_per_step;
}
