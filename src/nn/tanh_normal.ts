import type { Normal } from './normal.js';
import { tf } from './tensorflow.js';

/** The upper limit of a policy's log-std. */
export const LOG_STD_MAX = 2;

/** The distance that given actions are kept from ±1, where the density of a squashed distribution is infinite or 0. */
const ACTION_MARGIN = 1e-5;

/**
 * The distribution before squashing that a policy head's output [batch, 2 × actionDim] stands for. Its second half is
 * squashed smoothly into (logStdMin, LOG_STD_MAX) by tanh, not clipped, so its gradient never vanishes at the limits.
 */
export function tanhNormal(head: tf.Tensor, logStdMin: number): Normal {
  const [mean, rawLogStd] = tf.split(head, 2, 1);
  return { mean, logStd: smoothlyBetween(rawLogStd, logStdMin, LOG_STD_MAX) };
}

/** Numbers squashed into (low, high) by tanh; 0 is the middle. */
export function smoothlyBetween(raw: tf.Tensor, low: number, high: number): tf.Tensor {
  return tf.add(tf.mul(tf.tanh(raw), (high - low) / 2), (high + low) / 2);
}

/**
 * log π [batch] of the action tanh(u) [batch, actionDim], u = mean + exp(logStd) ∘ noise (Haarnoja et al. 2018, appendix C);
 * of n actions of each row [batch, n, actionDim] it is [batch, n].
 * Uses log(1 − tanh²u) = 2(log 2 − u − softplus(−2u)), which stays finite where tanh u rounds to ±1.
 */
export function sampleLogProbability(
  { logStd }: Pick<Normal, 'logStd'>,
  noise: tf.Tensor,
  preTanh: tf.Tensor,
): tf.Tensor {
  const logNormal = tf.sub(tf.mul(tf.square(noise), -0.5), tf.add(logStd, 0.5 * Math.log(2 * Math.PI)));
  const logSlope = tf.mul(tf.sub(tf.sub(Math.LN2, preTanh), tf.softplus(tf.mul(preTanh, -2))), 2);
  return tf.sum(tf.sub(logNormal, logSlope), -1);
}

/**
 * log π [batch] of given actions [batch, actionDim], which are first clipped to ±(1 − 1e-5) as in the code of IQL (Kostrikov
 * et al. 2021). `policy` is the distribution before squashing.
 */
export function squashedLogDensity(policy: Normal, actions: tf.Tensor): tf.Tensor {
  const limit = 1 - ACTION_MARGIN;
  const preTanh = tf.atanh(tf.clipByValue(actions, -limit, limit));
  const noise = tf.div(tf.sub(preTanh, policy.mean), tf.exp(policy.logStd));
  return sampleLogProbability(policy, noise, preTanh);
}
