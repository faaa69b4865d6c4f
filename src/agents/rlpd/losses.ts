import type { NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';

/**
 * The critics' target y = r + γ·mask·(minᵢ Qᵢ(s′, a′) − α·log π(a′|s′)), all [batch]; `discounts` is γ·mask.
 * RLPD algorithm 1, line 12. Without `entropyBonus` (−α·log π), the entropy is not backed up.
 */
export function bellmanTarget(
  rewards: tf.Tensor,
  discounts: tf.Tensor,
  nextValues: readonly tf.Tensor[],
  entropyBonus: tf.Tensor | undefined,
): tf.Tensor {
  const lowest = nextValues.reduce((least, values) => tf.minimum(least, values));
  const value = entropyBonus ? tf.add(lowest, entropyBonus) : lowest;
  return tf.add(rewards, tf.mul(discounts, value));
}

/** One critic's share of the loss, mean over the batch of (Q − y)² divided by the number of critics. */
export function criticLoss(values: tf.Tensor, targets: tf.Tensor, numQs: number): tf.Tensor {
  return tf.div(tf.mean(tf.square(tf.sub(values, targets))), numQs);
}

/** mean(α·log π − Q̄), with the mean Q̄ of all critics [batch]. */
export function actorLoss(temperature: tf.Tensor, logProbability: tf.Tensor, meanQ: tf.Tensor): tf.Tensor {
  return tf.mean(tf.sub(tf.mul(temperature, logProbability), meanQ));
}

/**
 * The mean of Q̄ as far as its gradient goes, when only ∂Q̄/∂a [batch, actionDim] is known: a linear function of the
 * actions with the same slope. It lets each critic be differentiated on its own.
 */
export function linearisedValue(valueGradient: tf.Tensor, actions: tf.Tensor): tf.Tensor {
  return tf.div(tf.sum(tf.mul(valueGradient, actions)), actions.shape[0]);
}

/** α·(H − target entropy); its gradient raises α while the entropy H is below the target. */
export function temperatureLoss(
  temperature: tf.Tensor,
  entropy: tf.Tensor,
  targetEntropy: number,
): tf.Tensor {
  return tf.mul(temperature, tf.sub(entropy, targetEntropy));
}

/**
 * Mean of ‖π(s) − a‖² over the demonstration rows, for samples of the policy: it pulls the mode to the demonstrated
 * action and the deviation towards zero. `weights` [batch] are 0 for rows that do not count.
 */
export function imitationLoss(
  samples: tf.Tensor,
  actions: tf.Tensor,
  weights: tf.Tensor,
  demoRows: tf.Tensor,
): tf.Tensor {
  const distances = tf.sum(tf.square(tf.sub(samples, actions)), 1);
  return tf.div(tf.sum(tf.mul(distances, weights)), tf.maximum(tf.sum(demoRows), 1));
}

/** The moving average (1 − τ)·target + τ·new of every parameter. */
export function polyakAverage(targets: NamedTensors, parameters: NamedTensors, tau: number): NamedTensors {
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      tf.add(tf.mul(target, 1 - tau), tf.mul(parameters[name], tau)),
    ]),
  );
}

/** Scalars side by side in one vector, so that a stage has a single output to report. */
export function metricsVector(scalars: readonly tf.Tensor[]): tf.Tensor {
  return tf.concat(scalars.map((scalar) => tf.reshape(scalar, [1])));
}
