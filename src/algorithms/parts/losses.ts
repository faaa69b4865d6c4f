import { lossAndGradients } from '../../nn/gradients.js';
import { logDensity, type Normal } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';

/**
 * The critics' target y = r + γ·mask·minᵢ Vᵢ, all [batch]: `discounts` is γ·mask, and Vᵢ is Qᵢ(s′, a′), or
 * Qᵢ(s′, a′) − α·log π(a′|s′) where the entropy is backed up. RLPD algorithm 1, line 12. If Vᵢ is [batch, n], of n actions, the
 * one counts of which the minimum is the highest.
 */
export function bellmanTarget(
  rewards: tf.Tensor,
  discounts: tf.Tensor,
  nextValues: readonly tf.Tensor[],
): tf.Tensor {
  const lowest = lowestOf(nextValues);
  const nextValue = lowest.rank === 1 ? lowest : tf.max(lowest, 1);
  return tf.add(rewards, tf.mul(discounts, nextValue));
}

/** One critic's share of the loss: the mean over the batch of (Q − y)², both [batch], divided by `divisor`. */
export function criticLoss(values: tf.Tensor, targets: tf.Tensor, divisor: number): tf.Tensor {
  return tf.div(tf.mean(tf.square(tf.sub(values, targets))), divisor);
}

/**
 * The part of mean(α·log π − Q) that some rows of a batch of `batchSize` contribute: `logProbability` is log π [rows],
 * `values` is Q [rows], as the algorithm takes it from its critics, and α a scalar. RLPD algorithm 1, line 17.
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
 * A linear function [rows] of the actions that has the slope ∂Q/∂a [rows, actionDim]. It stands for Q in a loss whose
 * gradient alone matters, so that each critic can be differentiated on its own.
 */
export function linearisedValue(valueGradient: tf.Tensor, actions: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(valueGradient, actions), 1);
}

/**
 * ‖π(s) − a‖² of each row times its weight, [rows], for samples of the policy. It pulls the mode to the demonstrated action
 * and the deviation towards zero. `weights` is [rows] or a scalar.
 */
export function imitationLosses(samples: tf.Tensor, actions: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sum(tf.square(tf.sub(samples, actions)), 1), weights);
}

/** −w·log π(a|s) of each row, [rows], for the policy's distribution of actions, actions a [rows, actionDim] and weights w [rows]. */
export function weightedCloningLosses(policy: Normal, actions: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  return tf.neg(tf.mul(weights, logDensity(policy, actions)));
}

/** A critic's values [rows] of actions [rows, actionDim], and ∂Q/∂a [rows, actionDim]. */
export function actionGradient(
  actions: tf.Tensor,
  critic: (actions: tf.Tensor) => tf.Tensor,
): { value: tf.Tensor; gradient: tf.Tensor } {
  const { extras, gradients } = lossAndGradients({ actions }, (candidate) => {
    const values = critic(candidate['actions']);
    return { loss: tf.sum(values), extras: { values } };
  });
  return { value: extras['values'], gradient: gradients['actions'] };
}

/** The mean [rows, actionDim] of all critics' ∂Q/∂a. */
export function meanSlope(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.div(tf.addN([...gradients]), gradients.length);
}

/**
 * ∂Q/∂a [rows, actionDim] of the critic that is the lowest in the row, from all critics' `values`, each [rows], and
 * `gradients`, each [rows, actionDim]. Where several are equally low, their mean.
 */
export function lowestSlope(values: readonly tf.Tensor[], gradients: readonly tf.Tensor[]): tf.Tensor {
  const lowest = lowestOf(values);
  const isLowest = values.map((value) => tf.reshape(tf.sub(1, tf.step(tf.sub(value, lowest))), [-1, 1]));
  const sum = gradients.map((gradient, k) => tf.mul(gradient, isLowest[k])).reduce((a, b) => tf.add(a, b));
  return tf.div(
    sum,
    isLowest.reduce((a, b) => tf.add(a, b)),
  );
}

/**
 * A scalar about all rows of a batch, once for each of them, [batchSize]: as a value of a step over the batch it can be handed to steps
 * over rows, which see only some of them.
 */
export function batchWide(number: tf.Tensor, batchSize: number): tf.Tensor {
  return tf.tile(tf.reshape(number, [1]), [batchSize]);
}

/**
 * λ·minᵢ Qᵢ + (1 − λ)·maxᵢ Qᵢ of several critics' values, each [rows] or [rows, n] (Fujimoto et al. 2019, arXiv 1812.02900, equation 13):
 * it is low where critics differ, as the minimum alone, but less so.
 */
export function betweenExtremes(values: readonly tf.Tensor[], lowestWeight: number): tf.Tensor {
  const highest = values.reduce((most, value) => tf.maximum(most, value));
  return tf.add(tf.mul(lowestOf(values), lowestWeight), tf.mul(highest, 1 - lowestWeight));
}

/** The lowest of several values in each row, [rows]. */
export function lowestOf(values: readonly tf.Tensor[]): tf.Tensor {
  return values.reduce((least, value) => tf.minimum(least, value));
}

/**
 * |κ − 1[u < 0]|·u² of each difference u = q − v, [rows] (Kostrikov et al. 2021, equation 3). Their sum is least where v is
 * the κ-expectile of q: the mean for κ = 0.5, near the highest for κ near 1.
 */
export function expectileLosses(differences: tf.Tensor, expectile: number): tf.Tensor {
  const isPositive = tf.step(differences);
  const weights = tf.add(tf.mul(isPositive, 2 * expectile - 1), 1 - expectile);
  return tf.mul(weights, tf.square(differences));
}

/** The weights min(exp(β·A), maxWeight) [rows] of actions with advantages A [rows] (Peng et al. 2019, arXiv 1910.00177). */
export function advantageWeights(
  advantages: tf.Tensor,
  inverseTemperature: number,
  maxWeight: number,
): tf.Tensor {
  return tf.minimum(tf.exp(tf.mul(advantages, inverseTemperature)), maxWeight);
}

/**
 * The weights softmax(A/λ) over the batch times the number of its rows, [batch], of actions with advantages A [batch] (Nair
 * et al. 2020, arXiv 2006.09359, as its authors' code has them): 1 on average, so that λ alone says how much advantages matter.
 */
export function softmaxWeights(advantages: tf.Tensor, temperature: number): tf.Tensor {
  return tf.mul(tf.softmax(tf.div(advantages, temperature)), advantages.size);
}

/** The weights 1 of actions with a positive advantage and 0 of others, [rows] (Wang et al. 2020, equation 3). */
export function binaryWeights(advantages: tf.Tensor): tf.Tensor {
  return tf.step(advantages);
}
