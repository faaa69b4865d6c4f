import type { PolicyDeclaration, PolicyScope } from '../../learner/algorithm.js';
import type { CallableNetwork, DeclaredNetwork } from '../../learner/step.js';
import { type Normal, normalSample } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';

/** Observations [rows, observationDim] → mean and log-std, each [rows, actionDim]. */
export type GaussianActor = CallableNetwork<[observations: tf.Tensor], Normal>;

/**
 * A policy that acts by samples of a normal distribution squashed by tanh; its mode is tanh of the mean. With `averaged` the
 * moving average of its weights acts.
 */
export function squashedPolicy(
  network: GaussianActor,
  shown: PolicyDeclaration['shown'],
  averaged = false,
): PolicyDeclaration {
  const policyOf = ({ apply }: PolicyScope, observations: tf.Tensor) => apply(network, observations);
  return { ...squashedPolicyOf(network, policyOf, shown), averaged };
}

/** The same, of a network whose outputs `policyOf` makes the distribution of. */
export function squashedPolicyOf(
  network: DeclaredNetwork,
  policyOf: (scope: PolicyScope, observations: tf.Tensor) => Normal,
  shown: PolicyDeclaration['shown'],
): PolicyDeclaration {
  return {
    networks: [network],
    averaged: false,
    distribution: 'tanh_gaussian',
    act: (scope, observations, noise) => clipped(tf.tanh(normalSample(policyOf(scope, observations), noise))),
    describe(scope, observations) {
      const { mean, logStd } = policyOf(scope, observations);
      return { action: clipped(tf.tanh(mean)), mean, log_std: logStd };
    },
    shown,
  };
}

/** A policy that acts by samples of a normal distribution, clipped to [−1, 1]; its mean is its mode. */
export function clippedPolicy(network: GaussianActor, shown: PolicyDeclaration['shown']): PolicyDeclaration {
  return {
    networks: [network],
    averaged: false,
    distribution: 'clipped_gaussian',
    act: ({ apply }, observations, noise) => clippedSample(apply(network, observations), noise),
    describe({ apply }, observations) {
      const { mean, logStd } = apply(network, observations);
      return { action: clipped(mean), mean, log_std: logStd };
    },
    shown,
  };
}

/** A policy of one action for each observation, without a distribution: to explore, its actions need noise from elsewhere. */
export function deterministicPolicy(
  network: CallableNetwork<[observations: tf.Tensor], tf.Tensor>,
  shown: PolicyDeclaration['shown'],
): PolicyDeclaration {
  return {
    networks: [network],
    averaged: false,
    distribution: 'deterministic',
    act: ({ apply }, observations) => clipped(apply(network, observations)),
    describe: ({ apply }, observations) => ({ action: clipped(apply(network, observations)) }),
    shown,
  };
}

/** Samples of a normal distribution clipped to [−1, 1], for standard normal `noise`, all [rows, width]. */
export function clippedSample(policy: Normal, noise: tf.Tensor): tf.Tensor {
  return clipped(normalSample(policy, noise));
}

/** Numbers clipped to [−1, 1]; tanh needs it too, as runtimes round it to more than 1. */
function clipped(values: tf.Tensor): tf.Tensor {
  return tf.maximum(tf.minimum(values, 1), -1);
}
