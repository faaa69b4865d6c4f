import { type Normal, normalSample, perSample } from '../../nn/normal.js';
import { sampleLogProbability } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';

/** Samples of a squashed policy, and a function that gives their log π. */
export interface SquashedSamples {
  actions: tf.Tensor;
  logProbability(): tf.Tensor;
}

/** A sample of each row [rows, actionDim], by standard normal noise of that shape; log π is [rows]. */
export function sampleOf(policy: Normal, noise: tf.Tensor): SquashedSamples {
  const preTanh = normalSample(policy, noise);
  return {
    actions: tf.tanh(preTanh),
    logProbability: () => sampleLogProbability(policy, noise, preTanh),
  };
}

/** `count` samples of each row [rows, count, actionDim], by noise [rows, count × actionDim]; log π is [rows, count]. */
export function samplesOf(policy: Normal, noise: tf.Tensor, count: number): SquashedSamples {
  return sampleOf(perSample(policy), tf.reshape(noise, [-1, count, policy.mean.shape[1]!]));
}
