import { tf } from '../../nn/tensorflow.js';

/**
 * The critics' target y = r + γ·mask·minᵢ Vᵢ, all [batch]: `discounts` is γ·mask, and Vᵢ is Qᵢ(s′, a′), or
 * Qᵢ(s′, a′) − α·log π(a′|s′) where the entropy is backed up. RLPD algorithm 1, line 12.
 */
export function bellmanTarget(
  rewards: tf.Tensor,
  discounts: tf.Tensor,
  nextValues: readonly tf.Tensor[],
): tf.Tensor {
  const lowest = nextValues.reduce((least, values) => tf.minimum(least, values));
  return tf.add(rewards, tf.mul(discounts, lowest));
}

/** One critic's share of the loss, mean over the batch of (Q − y)² divided by the number of critics. */
export function criticLoss(values: tf.Tensor, targets: tf.Tensor, numQs: number): tf.Tensor {
  return tf.div(tf.mean(tf.square(tf.sub(values, targets))), numQs);
}

/**
 * The part of mean(α·log π − Q̄) that rows of a batch of `batchSize` contribute: `logProbability` and `values`, log π
 * and the mean Q̄ of all critics, are those of the rows. RLPD algorithm 1, line 17.
 */
export function actorLoss(
  temperature: tf.Tensor,
  logProbability: tf.Tensor,
  values: tf.Tensor,
  batchSize: number,
): tf.Tensor {
  return tf.div(tf.sub(tf.mul(temperature, tf.sum(logProbability)), tf.sum(values)), batchSize);
}

/**
 * Q̄ as far as its gradient goes, when only ∂Q̄/∂a [rows, actionDim] is known: a linear function of the actions with
 * the same slope, [rows]. It lets each critic be differentiated on its own.
 */
export function linearisedValue(valueGradient: tf.Tensor, actions: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(valueGradient, actions), 1);
}

/**
 * ‖π(s) − a‖² of each row times its weight, for samples of the policy: it pulls the mode to the demonstrated action and
 * the deviation towards zero.
 */
export function imitationLosses(samples: tf.Tensor, actions: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sum(tf.square(tf.sub(samples, actions)), 1), weights);
}

/** The moving average (1 − τ)·target + τ·new of parameters. */
export function polyakAverage(targets: tf.Tensor, parameters: tf.Tensor, tau: number): tf.Tensor {
  return tf.add(tf.mul(targets, 1 - tau), tf.mul(parameters, tau));
}
