import { allocateBatches, type TransitionBatches } from '../../buffers/transitions.js';
import type { Run } from '../run.js';
import { refreshColumns } from './refresh.js';
import { dataRowsOf, makeRollouts } from './rollouts.js';

/** Most batches per call: enough for a quiet display, few enough to stop quickly on Ctrl-C. */
export const BATCHES_PER_CALL = 10;

/**
 * Batches from the data, and from rollouts if the algorithm makes any, for the next updates, of which `left` are to be made; after a
 * refresh, and rollouts, if they are due.
 */
export async function nextDataBatches(run: Run, left: number): Promise<TransitionBatches> {
  await refreshColumns(run);
  await makeRollouts(run);
  const { agent, sampler, config } = run;
  const { batch_size: batchSize } = config.train;
  const { observationDim, actionDim, columns } = agent;
  const untilRollouts = agent.rollouts?.updatesLeft || Number.POSITIVE_INFINITY;
  const count = Math.min(BATCHES_PER_CALL, left, agent.updatesUntilRefresh, untilRollouts);
  const dataRows = dataRowsOf(agent, config);
  const batches = allocateBatches(count, batchSize, dataRows, observationDim, actionDim, columns);
  sampler.fill(batches);
  return batches;
}
