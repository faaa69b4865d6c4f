import { USUAL_MEASURE } from '../../envs/success.js';
import { type Demonstrations, type DemoOptions, loadDemonstrations } from '../buffers/demo_buffer.js';
import type { Dataset } from '../datasets/dataset.js';

const EVERYTHING: DemoOptions = {
  numDemos: null,
  shuffle: false,
  skipFailed: false,
  judgedBy: USUAL_MEASURE,
  topShare: 1,
  seed: 0,
  task: null,
  rewardMode: 'sparse',
  dataActionScale: null,
};

/**
 * The transitions of a dataset as a replay buffer to learn from, of all its episodes unless `options` choose. The rewards are
 * as recorded, but for ManiSkill's: those of `rewardMode`, sparse ones unless it says otherwise. Where `actionScale` of the result
 * is not null, the buffer's actions are the recorded ones times this. Throws a UserError if the data can't be learnt from.
 */
export function loadTransitions(
  dataset: Dataset,
  options: Partial<DemoOptions> = {},
): Promise<Demonstrations> {
  return loadDemonstrations(dataset, { ...EVERYTHING, ...options });
}
