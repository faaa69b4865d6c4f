import { algorithmOf } from '../config/algorithm_sections.js';
import { algorithmOptions } from '../config/chosen_algorithm.js';
import type { Config } from '../config/schema.js';
import type { Agent } from '../learner/agent.js';
import type { PolicySizes } from '../learner/algorithm.js';
import { createLearner } from '../learner/learner.js';

/** The agent that a configuration describes, untrained. `threads` is null for as many as are of use. */
export function createAgent(
  config: Config,
  { observationDim, actionDim }: PolicySizes,
  threads: number | null = null,
): Promise<Agent> {
  const { algo, train, seed } = config;
  const sizes = { observationDim, actionDim, batchSize: train.batch_size };
  const { backend, device } = train;
  return createLearner(algorithmOf(algo), algorithmOptions(config), sizes, {
    seed,
    backend,
    device,
    threads,
  });
}
