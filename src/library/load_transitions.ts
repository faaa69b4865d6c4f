import { type Demonstrations, type DemoOptions, loadDemonstrations } from '../buffers/demo_buffer.js';
import type { Dataset } from '../datasets/dataset.js';

const EVERYTHING: DemoOptions = {
  numDemos: null,
  shuffle: false,
  skipFailed: false,
  seed: 0,
  task: null,
  rewardMode: 'sparse',
  dataActionScale: null,
};

/**
 * The transitions of a dataset as a replay buffer to learn from: of all its episodes as they are, but for what `options`
 * say. Throws a UserError if they can't be learnt from.
 */
export function loadTransitions(
  dataset: Dataset,
  options: Partial<DemoOptions> = {},
): Promise<Demonstrations> {
  return loadDemonstrations(dataset, { ...EVERYTHING, ...options });
}
