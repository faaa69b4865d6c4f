/**
 * `count` batches of `batchSize` transitions, one after another in flat row-major arrays. In each batch the first
 * `demoRows` rows come from demonstrations and the others from online experience.
 */
export interface TransitionBatches {
  count: number;
  batchSize: number;
  demoRows: number;
  /** [count × batchSize, observationDim] */
  observations: Float32Array;
  /** [count × batchSize, actionDim] */
  actions: Float32Array;
  /** [count × batchSize]: the sum of the next n rewards, discounted (n = 1: the reward). */
  rewards: Float32Array;
  /** [count × batchSize]: γⁿ, or 0 where the task terminated: what the value of `nextObservations` is multiplied by. */
  discounts: Float32Array;
  /** [count × batchSize, observationDim]: the observation n steps later, the true final one at an episode's end. */
  nextObservations: Float32Array;
}

/** Allocates zeroed batches of these sizes. */
export function allocateBatches(
  count: number,
  batchSize: number,
  demoRows: number,
  observationDim: number,
  actionDim: number,
): TransitionBatches {
  const rows = count * batchSize;
  return {
    count,
    batchSize,
    demoRows,
    observations: new Float32Array(rows * observationDim),
    actions: new Float32Array(rows * actionDim),
    rewards: new Float32Array(rows),
    discounts: new Float32Array(rows),
    nextObservations: new Float32Array(rows * observationDim),
  };
}
