import type { TransitionBatches } from '../../buffers/transitions.js';
import type { SharedArrays } from '../../compile/shared_arrays.js';
import { type Shape, sizeOf } from '../../nn/parameters.js';
import type { Sizes } from '../algorithm.js';
import type { Column } from '../step.js';

/** The columns that batches hold unchanged. */
const HELD = ['observations', 'actions', 'rewards', 'discounts', 'nextObservations'] as const;

/** The shape of one row of a column. */
export function columnRow(
  name: Column['name'],
  { observationDim, actionDim }: Pick<Sizes, 'observationDim' | 'actionDim'>,
): Shape {
  switch (name) {
    case 'observations':
    case 'nextObservations':
      return [observationDim];
    case 'actions':
      return [actionDim];
    case 'rewards':
    case 'discounts':
    case 'imitationWeights':
      return [];
  }
}

/** Throws, naming the array or number, if the batches do not fit the learner. */
export function checkBatches(batches: TransitionBatches, sizes: Sizes): void {
  const { batchSize } = sizes;
  if (batches.batchSize !== batchSize) {
    throw new RangeError(`the learner was made for batches of ${batchSize} rows, not ${batches.batchSize}`);
  }
  for (const key of HELD) {
    const width = sizeOf(columnRow(key, sizes));
    const wanted = batches.count * batchSize * width;
    if (batches[key].length !== wanted) {
      throw new RangeError(
        `${key} of ${batches.count} batches [${batchSize}, ${width}] must hold ${wanted} numbers, not ${batches[key].length}`,
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
  for (let update = 0; demoRows > 0 && update < count; update++) {
    const start = update * batchSize;
    weights.fill(1 / demoRows, start, start + Math.min(demoRows, batchSize));
  }
}

/** Writes (observations − mean) ∘ scale into `result`: a mere copy unless a normalisation was set. */
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

/** The rows of a column in `count` of the batches, from `first` on. */
function part(
  batches: TransitionBatches,
  name: (typeof HELD)[number],
  first: number,
  count: number,
): Float32Array {
  const size = batches[name].length / batches.count;
  return batches[name].subarray(first * size, (first + count) * size);
}
