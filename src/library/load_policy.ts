import type { EnvironmentSpec } from '../../envs/env.js';
import { environmentSpec } from '../../envs/registry.js';
import type { Config } from '../config/schema.js';
import { neededTask } from '../config/task.js';
import type { ActingAgent } from '../rollout/evaluate.js';
import { loadCheckpoint } from '../training/checkpoints/checkpoint.js';
import { findCheckpoint, loadAgent } from '../training/checkpoints/load_policy.js';
import { greedyPolicy } from '../training/evaluation/evaluation.js';

/** A trained policy. */
export interface LoadedPolicy extends ActingAgent {
  /** The environment that it acts in. */
  readonly spec: EnvironmentSpec;
  /** Writes its most likely actions [n, actionDim] for `observations` [n, observationDim], as the environment takes them. */
  act(observations: Float32Array, actions: Float32Array): Promise<void>;
  /** Frees its memory. It can't be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * The policy of a run folder, from its last checkpoint, or of a checkpoint. `spec` is that of the environment that it is to
 * act in; left out, of the one that it was trained in. Throws a UserError if there is no checkpoint, or it is of no use there.
 */
export async function loadPolicy(target: string, spec?: EnvironmentSpec): Promise<LoadedPolicy> {
  const checkpoint = await loadCheckpoint(findCheckpoint(target));
  const { config, actionScale } = checkpoint;
  const acting = spec ?? trainedSpec(config);
  const agent = await loadAgent(checkpoint, config, acting);
  const policy = greedyPolicy(agent, actionScale);
  return {
    spec: acting,
    act: async (observations, actions) => policy(observations, actions),
    dispose: () => agent.dispose(),
  };
}

/** The spec of the environment that the experience of a run was made in. */
function trainedSpec(config: Pick<Config, 'env'>): EnvironmentSpec {
  const { envId, ...options } = neededTask(config, 'a policy without the spec of an environment');
  return environmentSpec(envId, { ...options, maxEpisodeSteps: config.env.max_episode_steps });
}
