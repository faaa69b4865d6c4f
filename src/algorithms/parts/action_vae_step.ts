import { type ActionVae, latentDimOf } from '../../learner/action_vae.js';
import type { Sizes } from '../../learner/algorithm.js';
import { batch, normal, train } from '../../learner/declare.js';
import { mean, metric } from '../../learner/metrics.js';
import type { CallableNetwork, Optimiser } from '../../learner/step.js';
import { type Normal, normalSample } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';
import { imitationLosses } from './losses.js';

/** The network that knows which actions the data have. */
export type VaeNetwork = CallableNetwork<[], ActionVae>;

/** The weight of the divergence against a mean squared error, as in the code of BCQ. */
const DIVERGENCE_WEIGHT = 0.5;

/**
 * KL(N(μ, σ²) ‖ N(0, 1)) of each row, [rows], its mean over the latent numbers: −½·mean(1 + 2·log σ − μ² − σ²) (Kingma and Welling 2014,
 * appendix B).
 */
export function latentDivergences({ mean: center, logStd }: Normal): tf.Tensor {
  const squares = tf.add(tf.square(center), tf.exp(tf.mul(logStd, 2)));
  return tf.mul(tf.mean(tf.sub(tf.add(tf.mul(logStd, 2), 1), squares), 1), -0.5);
}

/** A step of the network towards the actions in the data (Fujimoto et al. 2019, algorithm 1), with its metrics. */
export function actionVaeStep(vae: VaeNetwork, optimiser: Optimiser, sizes: Sizes) {
  const noise = normal('latentNoise', latentDimOf(sizes));
  const step = train({ name: 'vae', network: vae, optimiser }, ({ read, apply }) => {
    const [observations, actions] = [read(batch.observations), read(batch.actions)];
    const { encode, decode } = apply(vae);
    const latent = encode(observations, actions);
    const rebuilt = tf.tanh(decode(observations, normalSample(latent, read(noise))));
    // A mean over the action's entries, as over the latent numbers.
    const reconstruction = imitationLosses(rebuilt, actions, tf.scalar(1 / sizes.actionDim));
    const divergence = latentDivergences(latent);
    const losses = tf.add(reconstruction, tf.mul(divergence, DIVERGENCE_WEIGHT));
    return { loss: tf.div(tf.sum(losses), sizes.batchSize), reconstruction, divergence };
  });
  const metrics = [
    metric('reconstruction_loss', step, (record) => mean(record.rows(step.values.reconstruction))),
    metric('latent_divergence', step, (record) => mean(record.rows(step.values.divergence))),
  ];
  return { step, metrics };
}

/** The range of latent numbers that actions are made of: where data are plenty. */
const LATENT_LIMIT = 0.5;

/** Standard normal numbers cut off at ±½, by which the network makes likely actions. */
export function clippedLatents(noise: tf.Tensor): tf.Tensor {
  return tf.clipByValue(noise, -LATENT_LIMIT, LATENT_LIMIT);
}
