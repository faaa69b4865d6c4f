import type { PriorityRule } from '../buffers/balanced_sampler.js';
import type { tf } from '../nn/tensorflow.js';
import type { CallableNetwork } from './step.js';

/**
 * Transitions of data and experience that are drawn the more often the more they are like experience: balanced replay (Lee et al. 2021,
 * arXiv 2107.00591). The phase `balance` learns the ratio from batches whose demonstrations are the data.
 */
export interface Balance extends PriorityRule {
  /** A single network: w(s, a), the density of experience divided by that of the data. */
  ratio: CallableNetwork<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>;
}
