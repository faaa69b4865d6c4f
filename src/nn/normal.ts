import { tf } from './tensorflow.js';

/** N(mean, exp(logStd)²) for each entry of an action; both [batch, actionDim]. */
export interface Normal {
  mean: tf.Tensor;
  logStd: tf.Tensor;
}

/** The same distribution as [batch, 1, actionDim], of which n samples of each row are [batch, n, actionDim]. */
export function perSample({ mean, logStd }: Normal): Normal {
  const shape = [-1, 1, mean.shape[1]!];
  return { mean: tf.reshape(mean, shape), logStd: tf.reshape(logStd, shape) };
}

/** mean + exp(logStd) ∘ noise [batch, actionDim] for standard normal `noise` of that shape. */
export function normalSample({ mean, logStd }: Normal, noise: tf.Tensor): tf.Tensor {
  return tf.add(mean, tf.mul(tf.exp(logStd), noise));
}

/** deviation·noise for standard normal `noise`, cut off at ±limit (Fujimoto et al. 2018, arXiv 1802.09477: TD3). */
export function clippedNoise(noise: tf.Tensor, deviation: number, limit: number): tf.Tensor {
  return tf.clipByValue(tf.mul(noise, deviation), -limit, limit);
}

/** log N(actions; mean, exp(logStd)²) [batch], summed over the action's entries, of actions [batch, actionDim]. */
export function logDensity({ mean, logStd }: Normal, actions: tf.Tensor): tf.Tensor {
  const standardised = tf.div(tf.sub(actions, mean), tf.exp(logStd));
  const logNormal = tf.sub(
    tf.mul(tf.square(standardised), -0.5),
    tf.add(logStd, 0.5 * Math.log(2 * Math.PI)),
  );
  return tf.sum(logNormal, 1);
}
