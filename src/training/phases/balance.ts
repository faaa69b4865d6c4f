import type { EnvironmentSpec } from '../../../envs/env.js';
import { BalancedSampler } from '../../buffers/balanced_sampler.js';
import type { ReplayBuffer } from '../../buffers/replay_buffer.js';
import { demoRowsOf } from '../../buffers/symmetric_sampler.js';
import { allocateBatches, type TransitionBatches } from '../../buffers/transitions.js';
import type { Config } from '../../config/schema.js';
import type { Agent, Metrics } from '../../learner/agent.js';
import type { Run } from '../run.js';
import { augmentationOf } from '../task_settings.js';

/** The share of data in the batches by which experience is told from it. */
const HALF = 0.5;

/** The sampler that draws transitions by priorities; null if the agent's algorithm draws them alike, or there are no data or no experience. */
export function balancedSampler(
  agent: Pick<Agent, 'balance'>,
  config: Config,
  data: ReplayBuffer | null,
  online: ReplayBuffer | null,
  spec: EnvironmentSpec | null,
): BalancedSampler | null {
  const { balance: rule } = agent;
  if (!rule || !data || !online) return null;
  const { discount, n_step: nSteps } = config.train;
  const augmentation = augmentationOf(config, spec);
  return new BalancedSampler({ data, online, rule, discount, nSteps, augmentation, seed: config.seed });
}

/**
 * Fills the batches by priorities and makes their updates, after as many updates of the ratio that tells experience from data; then the rows
 * that were drawn get the priorities that follow from it. Returns the metrics of all updates.
 */
export async function updateByPriorities(
  { agent, sampler }: Run,
  balanced: BalancedSampler,
  batches: TransitionBatches,
): Promise<Metrics> {
  const { observationDim, actionDim, columns } = agent;
  const { count, batchSize } = batches;
  const dataRows = demoRowsOf(batchSize, HALF);
  const alike = allocateBatches(count, batchSize, dataRows, observationDim, actionDim, columns);
  sampler.fill(alike);
  const ratioMetrics = await agent.update(alike, 'balance');
  batches.demoRows = 0;
  const share = balanced.fill(batches);
  const metrics = await agent.update(batches);
  const ratios = await agent.ratiosOf(batches.observations, batches.actions);
  const dataOf = (column: Float32Array, width: number) =>
    firstRows(column, count, batchSize, dataRows, width);
  const dataRatios = await agent.ratiosOf(
    dataOf(alike.observations, observationDim),
    dataOf(alike.actions, actionDim),
  );
  balanced.setPriorities(ratios, dataRatios);
  return { ...metrics, ...ratioMetrics, experience_share: share };
}

/** The first `kept` rows of each of `count` batches, one after another. */
function firstRows(
  column: Float32Array,
  count: number,
  batchSize: number,
  kept: number,
  width: number,
): Float32Array {
  const result = new Float32Array(count * kept * width);
  for (let i = 0; i < count; i++) {
    const start = i * batchSize * width;
    result.set(column.subarray(start, start + kept * width), i * kept * width);
  }
  return result;
}
