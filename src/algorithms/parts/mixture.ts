import type { Normal } from '../../nn/normal.js';
import { LOG_STD_MAX } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';

/** The least log-std of a mixture. */
const LOG_STD_MIN = -20;

/**
 * The normal distribution with the mean and the variance of an even mixture of several, entry by entry: μ̄ = mean μₖ and
 * σ̄² = mean σₖ² + mean (μₖ − μ̄)² (Lee et al. 2021, arXiv 2107.00591, equation 3, in a form that does not cancel).
 */
export function mixtureOf(policies: readonly Normal[]): Normal {
  const [first] = policies;
  if (policies.length === 1) return first;
  const average = (tensors: tf.Tensor[]) => tf.div(tf.addN(tensors), tensors.length);
  const mean = average(policies.map((policy) => policy.mean));
  const variances = policies.map((policy) =>
    tf.add(tf.square(tf.exp(policy.logStd)), tf.square(tf.sub(policy.mean, mean))),
  );
  const logStd = tf.mul(tf.log(average(variances)), 0.5);
  return { mean, logStd: tf.clipByValue(logStd, LOG_STD_MIN, LOG_STD_MAX) };
}
