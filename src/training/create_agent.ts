import type { ObservationPart } from '../../envs/env.js';
import { algorithmOf } from '../config/algorithm_sections.js';
import { algorithmOptions } from '../config/chosen_algorithm.js';
import type { Config } from '../config/schema.js';
import type { Agent } from '../learner/agent.js';
import type { PolicySizes } from '../learner/algorithm.js';
import { createLearner } from '../learner/learner.js';
import { observationView } from './observation_view.js';

/** The sizes that an agent acts by, and what its observations are made of where a task tells. */
export type AgentSpec = PolicySizes & { observationLayout?: readonly ObservationPart[] };

/** The agent that a configuration describes, untrained. `threads` is null for as many as are of use. */
export function createAgent(config: Config, spec: AgentSpec, threads: number | null = null): Promise<Agent> {
  const { algo, train, network, seed } = config;
  const { observationDim, actionDim } = spec;
  const sizes = { observationDim, actionDim, batchSize: train.batch_size };
  const { backend, device } = train;
  return createLearner(algorithmOf(algo), algorithmOptions(config), sizes, {
    seed,
    view: observationView(network, spec),
    backend,
    device,
    threads,
  });
}
