import { tf } from '../../nn/tensorflow.js';

/** The weights min(exp(−β·Var), 1), [rows], of values with these variances [rows] (Wu et al. 2021, arXiv 2105.08140, in its authors' code). */
export function certainties(variances: tf.Tensor, beta: number): tf.Tensor {
  return tf.exp(tf.mul(variances, -beta));
}

/**
 * The variances [rows] of targets, from those of each critic's values of n next actions, [rows, n]: of the actions, the one counts that
 * the critics together are the least certain of. Where the task terminated, and `discounts` [rows] is 0, there is nothing to be uncertain of.
 */
export function targetVariances(variances: readonly tf.Tensor[], discounts: tf.Tensor): tf.Tensor {
  const highest = tf.max(tf.addN([...variances]), 1);
  return tf.where(tf.greater(discounts, 0), highest, tf.mul(discounts, 0));
}
