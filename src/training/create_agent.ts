import { algorithmOf } from '../config/algorithm_sections.js';
import { algorithmOptions } from '../config/chosen_algorithm.js';
import type { Config } from '../config/schema.js';
import type { Agent } from '../learner/agent.js';
import type { PolicySizes } from '../learner/algorithm.js';
import { createLearner } from '../learner/learner.js';
import type { DescribedTask } from './observation_parts.js';
import { observationView } from './observation_view.js';

/**
 * The agent that a configuration describes, untrained. `task` tells what observations are made of, null without a task;
 * `threads` is null for as many as are of use.
 */
export function createAgent(
  config: Config,
  { observationDim, actionDim }: PolicySizes,
  task: DescribedTask | null,
  threads: number | null = null,
): Promise<Agent> {
  const { algo, train, network, seed } = config;
  const sizes = { observationDim, actionDim, batchSize: train.batch_size };
  const { backend, device } = train;
  return createLearner(algorithmOf(algo), algorithmOptions(config), sizes, {
    seed,
    view: observationView(network, observationDim, task),
    backend,
    device,
    threads,
  });
}
