import { allocateBatches, type TransitionBatches } from '../../buffers/transitions.js';
import type { Run } from '../run.js';
import { refreshColumns } from './refresh.js';

/** Most batches per call: enough for a quiet display, few enough to stop quickly on Ctrl-C. */
const BATCHES_PER_CALL = 10;

/** Batches from the data alone for the next updates, of which `left` are to be made, after a refresh if it is due. */
export async function nextDataBatches(run: Run, left: number): Promise<TransitionBatches> {
  await refreshColumns(run);
  const { agent, sampler, config } = run;
  const { batch_size: batchSize } = config.train;
  const { observationDim, actionDim, columns } = agent;
  const count = Math.min(BATCHES_PER_CALL, left, agent.updatesUntilRefresh);
  const batches = allocateBatches(count, batchSize, batchSize, observationDim, actionDim, columns);
  sampler.fillFromDemonstrations(batches);
  return batches;
}
