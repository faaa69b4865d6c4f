import type { StageExecutor } from '../../compile/stage.js';
import type { TransitionBatches } from '../../data/transitions.js';
import type { RlpdOptions } from './options.js';

type Sizes = Pick<RlpdOptions, 'batchSize' | 'observationDim' | 'actionDim'>;

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

/** Stores batch `index` under the names by which the stages know its arrays. */
export function writeMinibatch(
  executor: StageExecutor,
  batches: TransitionBatches,
  index: number,
  { batchSize, observationDim, actionDim }: Sizes,
): void {
  const write = (name: string, values: Float32Array, shape: number[]) => {
    const size = values.length / batches.count;
    executor.write(name, values.subarray(index * size, (index + 1) * size), shape);
  };
  write('observations', batches.observations, [batchSize, observationDim]);
  write('actions', batches.actions, [batchSize, actionDim]);
  write('rewards', batches.rewards, [batchSize]);
  write('discounts', batches.discounts, [batchSize]);
  write('nextObservations', batches.nextObservations, [batchSize, observationDim]);
}
