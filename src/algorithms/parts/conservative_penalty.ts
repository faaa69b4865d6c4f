import { tf } from '../../nn/tensorflow.js';

/** Actions of each row whose values are compared with that of the row's own action. */
export interface CandidateValues {
  /** Q(s, aⱼ) [rows, n] of actions that were drawn from some μⱼ. */
  values: tf.Tensor;
  /** log μⱼ(aⱼ) [rows, n]. */
  logDensities: tf.Tensor;
}

/**
 * T·log Σⱼ exp((Q(s, aⱼ) − log μⱼ(aⱼ))/T) [rows]: an estimate, but for a constant, of the soft maximum over all actions, whatever
 * they were drawn from (Kumar et al. 2020, appendix F). The constant log n is left in, as in the authors' code.
 */
export function softMaximum({ values, logDensities }: CandidateValues, temperature: number): tf.Tensor {
  const weighted = tf.div(tf.sub(values, logDensities), temperature);
  return tf.mul(tf.logSumExp(weighted, 1), temperature);
}

/**
 * The gaps [rows] between the soft maximum of a critic's values and its value of the data's action: the penalty of CQL(H) is a
 * multiple of their mean (Kumar et al. 2020, equation 4). Down its gradient, values of the data's actions rise and those of candidates
 * fall.
 */
export function conservativeGaps(
  candidates: CandidateValues,
  dataValues: tf.Tensor,
  temperature: number,
): tf.Tensor {
  return tf.sub(softMaximum(candidates, temperature), dataValues);
}

/**
 * The gaps [rows] of COMBO, whose mean is that between the soft maxima of rows that are rollouts' and the values of rows that are data:
 * E over ρ of log Σ exp Q − E over the data of Q (Yu et al. 2021, arXiv 2102.08363, equation 2). `dataWeights` [rows] is 1 / the number
 * of rows of data for each of them, and 0 for the others.
 */
export function rolloutGaps(
  candidates: CandidateValues,
  dataValues: tf.Tensor,
  temperature: number,
  dataWeights: tf.Tensor,
): tf.Tensor {
  const isRollout = tf.sub(1, tf.step(dataWeights));
  const rolloutWeights = tf.div(isRollout, tf.maximum(tf.sum(isRollout), 1));
  const ofRollouts = tf.mul(softMaximum(candidates, temperature), rolloutWeights);
  return tf.mul(tf.sub(ofRollouts, tf.mul(dataValues, dataWeights)), dataValues.size);
}

/** log μ of actions that are uniform in [−1, 1]: log 0.5 for each entry. */
export function uniformLogDensity(actionDim: number): number {
  return -actionDim * Math.LN2;
}
