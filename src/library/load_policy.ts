import type { EnvironmentSpec } from '../../envs/env.js';
import { taskSpecOf } from '../config/task.js';
import { UserError } from '../errors.js';
import type { PolicySizes } from '../learner/algorithm.js';
import type { ActingAgent } from '../rollout/evaluate.js';
import { type LoadedCheckpoint, loadCheckpoint } from '../training/checkpoints/checkpoint.js';
import { findCheckpoint, loadAgent } from '../training/checkpoints/load_policy.js';
import { greedyPolicy } from '../training/evaluation/evaluation.js';

/** A trained policy. */
export interface LoadedPolicy extends ActingAgent {
  /** The environment that it acts in; null for a policy that was learnt from data alone, unless one was given. */
  readonly spec: EnvironmentSpec | null;
  readonly observationDim: number;
  readonly actionDim: number;
  /**
   * Writes its most likely actions [n, actionDim] for `observations` [n, observationDim], both as the environment, or the
   * data, have them.
   */
  act(observations: Float32Array, actions: Float32Array): Promise<void>;
  /** Frees its memory. It can't be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * The policy of a run folder, from its last checkpoint, or of a checkpoint. `spec` is that of the environment that it is to
 * act in; left out, of the one that it was trained in, if any. Throws a UserError if there is no checkpoint, or it
 * is of no use there.
 */
export async function loadPolicy(target: string, spec?: EnvironmentSpec): Promise<LoadedPolicy> {
  const checkpoint = await loadCheckpoint(findCheckpoint(target));
  const { config, actionScale } = checkpoint;
  const acting = spec ?? taskSpecOf(config);
  const agent = await loadAgent(checkpoint, config, acting ?? savedSizes(checkpoint));
  const policy = greedyPolicy(agent, actionScale);
  return {
    spec: acting,
    observationDim: agent.observationDim,
    actionDim: agent.actionDim,
    act: async (observations, actions) => policy(observations, actions),
    dispose: () => agent.dispose(),
  };
}

function savedSizes({ path, sizes }: LoadedCheckpoint): PolicySizes {
  if (sizes) return sizes;
  throw new UserError(
    `${path} is of an earlier version, which did not save the sizes of a policy without a task: ` +
      'give the spec of an environment',
  );
}
