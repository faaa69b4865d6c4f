import type { ReplayBuffer } from './replay_buffer.js';

/** The most transitions of the data that are held out, and the least number of rows for each of them. */
const MOST = 1000;
const LEAST_STRIDE = 5;

/**
 * The rows of data that a model of the environment learns from, and those that are held out to judge it by: about 1000 in equal steps,
 * or a fifth where there are fewer than 5000. Rows that don't tell what followed are in neither.
 */
export function rowsForModels(data: ReplayBuffer): Record<'learnt' | 'held', Int32Array> {
  const stride = Math.max(LEAST_STRIDE, Math.ceil(data.size / MOST));
  const known = Int32Array.from({ length: data.size }, (_, row) => row).filter((row) =>
    data.isOutcomeKnown(row),
  );
  return {
    learnt: known.filter((row) => row % stride !== 0),
    held: known.filter((row) => row % stride === 0),
  };
}
