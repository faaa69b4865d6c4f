import {
  COLUMN_NAMES,
  COLUMNS,
  columnWidth,
  isOptional,
  type OptionalColumn,
} from '../../buffers/columns.js';
import type { TransitionBatches } from '../../buffers/transitions.js';
import type { SharedArrays } from '../../compile/shared_arrays.js';
import type { Shape } from '../../nn/parameters.js';
import type { Sizes } from '../algorithm.js';
import type { Column } from '../step.js';
import type { ObservationView } from '../view/observation_view.js';

/** The shape of one row of a column. */
export function columnRow(
  name: Column['name'],
  { observationDim, actionDim }: Pick<Sizes, 'observationDim' | 'actionDim'>,
): Shape {
  if (name === 'imitationWeights') return [];
  return { observation: [observationDim], action: [actionDim], number: [] }[COLUMNS[name].row];
}

/** Throws, naming the array or number, if the batches do not fit a learner that reads these optional columns. */
export function checkBatches(
  batches: TransitionBatches,
  sizes: Sizes,
  optional: readonly OptionalColumn[],
): void {
  const { batchSize } = sizes;
  if (batches.batchSize !== batchSize) {
    throw new RangeError(`the learner was made for batches of ${batchSize} rows, not ${batches.batchSize}`);
  }
  for (const name of COLUMN_NAMES) {
    if (isOptional(name) && !optional.includes(name)) continue;
    const width = columnWidth(name, sizes);
    const wanted = batches.count * batchSize * width;
    const column = batches[name];
    if (!column) {
      throw new RangeError(
        `the batches have no ${name}, which the learner reads: allocate them with agent.columns`,
      );
    }
    if (column.length !== wanted) {
      throw new RangeError(
        `${name} of ${batches.count} batches [${batchSize}, ${width}] must hold ${wanted} numbers, not ${column.length}`,
      );
    }
  }
}

/** Hands columns of `count` of the batches, from `first` on, to the threads, with what is seen of the observations, normalised. */
export function writeColumns(
  shared: SharedArrays,
  names: ReadonlySet<Column['name']>,
  batches: TransitionBatches,
  first: number,
  count: number,
  view: ObservationView,
): void {
  for (const name of names) {
    const target = shared.get(name);
    if (name === 'imitationWeights') {
      writeImitationWeights(target, batches, count);
      continue;
    }
    const column = batches[name]!;
    const size = column.length / batches.count;
    const part = column.subarray(first * size, (first + count) * size);
    if (COLUMNS[name].row === 'observation') {
      view.write(part, target);
      normalise(target.subarray(0, count * batches.batchSize * view.seenDim), shared);
    } else target.set(part);
  }
}

function writeImitationWeights(
  weights: Float32Array,
  { batchSize, demoRows }: TransitionBatches,
  count: number,
): void {
  weights.fill(0);
  for (let update = 0; demoRows > 0 && update < count; update++) {
    const start = update * batchSize;
    weights.fill(1 / demoRows, start, start + Math.min(demoRows, batchSize));
  }
}

/** Makes (seen − mean) ∘ scale of what is seen: nothing changes unless a normalisation was set. */
function normalise(seen: Float32Array, shared: SharedArrays): void {
  const mean = shared.get('observationMean');
  const scale = shared.get('observationScale');
  if (mean.every((value) => value === 0) && scale.every((value) => value === 1)) return;
  const width = mean.length;
  for (let start = 0; start < seen.length; start += width) {
    for (let i = 0; i < width; i++) seen[start + i] = (seen[start + i] - mean[i]) * scale[i];
  }
}
