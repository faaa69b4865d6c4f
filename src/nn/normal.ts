import type { TanhNormal } from './tanh_normal.js';
import { tf } from './tensorflow.js';

/** log N(actions; mean, exp(logStd)²) [batch], summed over the action's entries, of actions [batch, actionDim]. */
export function logDensity({ mean, logStd }: TanhNormal, actions: tf.Tensor): tf.Tensor {
  const standardised = tf.div(tf.sub(actions, mean), tf.exp(logStd));
  const logNormal = tf.sub(
    tf.mul(tf.square(standardised), -0.5),
    tf.add(logStd, 0.5 * Math.log(2 * Math.PI)),
  );
  return tf.sum(logNormal, 1);
}
