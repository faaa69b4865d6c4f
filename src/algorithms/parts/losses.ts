import { lossAndGradients } from '../../nn/gradients.js';
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
  return tf.add(rewards, tf.mul(discounts, lowestOf(nextValues)));
}

/** One critic's share of the loss: the mean over the batch of (Q − y)², divided by `divisor`. */
export function criticLoss(values: tf.Tensor, targets: tf.Tensor, divisor: number): tf.Tensor {
  return tf.div(tf.mean(tf.square(tf.sub(values, targets))), divisor);
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

/** The values [rows] that a critic gives for actions [rows, actionDim], and the gradient ∂Q/∂a of each. */
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

/** The mean of the critics' ∂Q/∂a, each [rows, actionDim]. */
export function meanSlope(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.div(tf.addN([...gradients]), gradients.length);
}

/**
 * In each row ∂Q/∂a of the critic whose value is the lowest, of `values` [rows] and `gradients` [rows, actionDim] of all
 * critics. Where several are equally low, their mean.
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

/** The lowest of several values in each row, [rows]. */
export function lowestOf(values: readonly tf.Tensor[]): tf.Tensor {
  return values.reduce((least, value) => tf.minimum(least, value));
}

/** |κ − 1[u < 0]|·u² of each difference u (Kostrikov et al. 2021, equation 3): least where κ of the weight lies above. */
export function expectileLosses(differences: tf.Tensor, expectile: number): tf.Tensor {
  const isPositive = tf.step(differences);
  const weights = tf.add(tf.mul(isPositive, 2 * expectile - 1), 1 - expectile);
  return tf.mul(weights, tf.square(differences));
}

/** min(exp(β·A), most): what an action of advantage A counts (Peng et al. 2019, arXiv 1910.00177). */
export function advantageWeights(advantages: tf.Tensor, inverseTemperature: number, most: number): tf.Tensor {
  return tf.minimum(tf.exp(tf.mul(advantages, inverseTemperature)), most);
}
