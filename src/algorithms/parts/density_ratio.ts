import { tf } from '../../nn/tensorflow.js';

/** Keeps logarithms finite where a ratio is 0. */
const LEAST = 1e-10;

/**
 * The losses [rows] of ratios w(s, a) [rows]: log((w + 1)/2) of a row of data and −log(2w/(w + 1)) of one of experience, by `isOnline` [rows]
 * of 0 and 1. The sum of their means over either kind is least where w is the density of experience divided by that of the data
 * (Lee et al. 2021, arXiv 2107.00591, equation 4: the Jensen–Shannon divergence, from below).
 */
export function ratioLosses(ratios: tf.Tensor, isOnline: tf.Tensor): tf.Tensor {
  const above = tf.add(ratios, 1);
  const ofData = tf.neg(tf.log(tf.add(tf.div(2, above), LEAST)));
  const ofExperience = tf.neg(tf.log(tf.add(tf.div(tf.mul(2, ratios), above), LEAST)));
  return tf.add(tf.mul(ofData, tf.sub(1, isOnline)), tf.mul(ofExperience, isOnline));
}
