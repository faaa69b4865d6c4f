import type { SharedArrays } from '../../compile/shared_arrays.js';
import type { TransitionBatches } from '../../data/transitions.js';
import type { Sizes } from '../algorithm.js';

/** Throws, naming the array or number, if the batches do not fit the learner. */
export function checkBatches(
  batches: TransitionBatches,
  { batchSize, observationDim, actionDim }: Sizes,
): void {
  if (batches.batchSize !== batchSize) {
    throw new RangeError(`the learner was made for batches of ${batchSize} rows, not ${batches.batchSize}`);
  }
  const widths = {
    observations: observationDim,
    actions: actionDim,
    rewards: 1,
    discounts: 1,
    nextObservations: observationDim,
  };
  for (const key of Object.keys(widths) as (keyof typeof widths)[]) {
    const wanted = batches.count * batchSize * widths[key];
    if (batches[key].length !== wanted) {
      throw new RangeError(
        `${key} of ${batches.count} batches [${batchSize}, ${widths[key]}] must hold ${wanted} numbers, not ${batches[key].length}`,
      );
    }
  }
}

/** Hands `count` of the batches, from `first` on, to the threads, with the observations normalised. */
export function writeColumns(
  shared: SharedArrays,
  batches: TransitionBatches,
  first: number,
  count: number,
  { batchSize }: Pick<Sizes, 'batchSize'>,
): void {
  const { demoRows } = batches;
  for (const name of ['actions', 'rewards', 'discounts'] as const) {
    shared.get(name).set(part(batches, name, first, count));
  }
  for (const name of ['observations', 'nextObservations'] as const) {
    normalise(part(batches, name, first, count), shared.get(name), shared);
  }
  const weights = shared.get('imitationWeights').fill(0);
  if (demoRows > 0) weights.fill(1 / demoRows, 0, Math.min(demoRows, batchSize));
}

/** (observations − mean) ∘ scale, which is the identity unless it was set otherwise, and then a mere copy. */
function normalise(observations: Float32Array, result: Float32Array, shared: SharedArrays): void {
  const mean = shared.get('observationMean');
  const scale = shared.get('observationScale');
  if (mean.every((value) => value === 0) && scale.every((value) => value === 1)) {
    result.set(observations);
    return;
  }
  const width = mean.length;
  for (let start = 0; start < observations.length; start += width) {
    for (let i = 0; i < width; i++) {
      result[start + i] = (observations[start + i] - mean[i]) * scale[i];
    }
  }
}

function part(
  batches: TransitionBatches,
  name: 'observations' | 'actions' | 'rewards' | 'discounts' | 'nextObservations',
  first: number,
  count: number,
): Float32Array {
  const size = batches[name].length / batches.count;
  return batches[name].subarray(first * size, (first + count) * size);
}
