import { type AlgorithmName, algorithmOf } from '../config/algorithm_sections.js';
import { algorithmOptions } from '../config/chosen_algorithm.js';
import type { Config } from '../config/schema.js';
import type { Agent, AgentState } from '../learner/agent.js';
import type { PolicySizes } from '../learner/algorithm.js';
import { createLearner } from '../learner/learner.js';
import { streamSeed } from '../rng.js';
import type { DescribedTask } from './observation_parts.js';
import { observationView } from './observation_view.js';

/**
 * The agent of one of a configuration's algorithms, untrained. `task` tells what observations are made of, null without a task;
 * `threads` is null for as many as are of use.
 */
export function createAgent(
  config: Config,
  algo: AlgorithmName,
  { observationDim, actionDim }: PolicySizes,
  task: DescribedTask | null,
  threads: number | null = null,
): Promise<Agent> {
  const { train, network, seed } = config;
  const sizes = { observationDim, actionDim, batchSize: train.batch_size };
  const { backend, device } = train;
  return createLearner(algorithmOf(algo), algorithmOptions(config, algo), sizes, {
    // One who follows another has random numbers of its own, not the first one's once more.
    seed: algo === config.algo ? seed : streamSeed(seed, 'following-agent'),
    view: observationView(network, observationDim, task),
    backend,
    device,
    threads,
  });
}

/** The one of a configuration's algorithms that learns at a checkpoint whose agent is of `algorithm`; the first one without a checkpoint. */
export function algorithmAt(
  { algo, train }: Pick<Config, 'algo' | 'train'>,
  checkpoint: { agent: Pick<AgentState, 'algorithm'> } | null,
): AlgorithmName {
  const { online_algo: online } = train;
  return online !== null && checkpoint?.agent.algorithm === online ? online : algo;
}
