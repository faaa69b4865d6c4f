import type { Stage } from '../../compile/stage.js';
import { lossAndGradients, squaredNorm } from '../../nn/gradients.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';
import { preTanhSample, sampleLogProbability } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import { bellmanTarget, criticLoss, metricsVector, polyakAverage } from './losses.js';
import type { Actor, Critic } from './networks.js';
import { optimise, optimisedShapes, optimiserScalars } from './optimiser.js';
import type { RlpdOptions } from './options.js';
import { normalised, sharedShapes } from './shared_inputs.js';

/** What the entries of `targetMetrics` mean. */
export const TARGET_METRICS = ['target_q'] as const;

/** What the entries of `criticMetrics` mean: of one critic, except that its gradient's norm is squared there. */
export const CRITIC_METRICS = ['critic_loss', 'q', 'q_min', 'q_max', 'critic_grad_norm'] as const;

/**
 * Next actions from the current policy, valued by the chosen target critics `chosen0`, `chosen1`, …
 * Outputs `targetQ` [batch] and `targetMetrics`.
 */
export function targetStage(options: RlpdOptions, actor: Actor, critic: Critic): Stage {
  const { observations, actions, perRow, normalisation, scalar } = sharedShapes(options);
  const chosen = Array.from({ length: options.numMinQs }, (_, i) => `chosen${i}`);
  const inputs: NamedShapes = {
    ...asGroup('actor', actor.layout.shapes),
    ...Object.assign({}, ...chosen.map((group) => asGroup(group, critic.layout.shapes))),
    ...normalisation,
    nextObservations: observations,
    nextNoise: actions,
    rewards: perRow,
    discounts: perRow,
    ...(options.backupEntropy ? { logTemperature: scalar } : {}),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const nextObservations = normalised(tensors, tensors['nextObservations']);
    const policy = actor.apply(takeGroup(tensors, 'actor'), nextObservations);
    const preTanh = preTanhSample(policy, tensors['nextNoise']);
    const nextActions = tf.tanh(preTanh);
    const values = chosen.map((group) =>
      critic.apply(takeGroup(tensors, group), nextObservations, nextActions),
    );
    const entropyBonus = options.backupEntropy
      ? tf.neg(
          tf.mul(
            tf.exp(tensors['logTemperature']),
            sampleLogProbability(policy, tensors['nextNoise'], preTanh),
          ),
        )
      : undefined;
    const targetQ = bellmanTarget(tensors['rewards'], tensors['discounts'], values, entropyBonus);
    return { targetQ, targetMetrics: metricsVector([tf.mean(targetQ)]) };
  };
  return {
    name: 'targetQ',
    inputs,
    outputs: { targetQ: perRow, targetMetrics: [TARGET_METRICS.length] },
    run,
  };
}

/** One Adam step of one critic towards `targetQ`, and of its target critic towards it. */
export function criticStage(options: RlpdOptions, critic: Critic): Stage {
  const { observations, actions, perRow, normalisation } = sharedShapes(options);
  const { shapes } = critic.layout;
  const state: NamedShapes = {
    ...optimisedShapes('critic', 'critic', shapes),
    ...asGroup('target', shapes),
  };
  const inputs: NamedShapes = {
    ...state,
    ...normalisation,
    observations,
    actions,
    targetQ: perRow,
    ...optimiserScalars('critic'),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const normal = normalised(tensors, tensors['observations']);
    const { loss, extras, gradients } = lossAndGradients(takeGroup(tensors, 'critic'), (candidate) => {
      const values = critic.apply(candidate, normal, tensors['actions']);
      return { loss: criticLoss(values, tensors['targetQ'], options.numQs), extras: { values } };
    });
    const { parameters, outputs } = optimise(tensors, 'critic', 'critic', gradients);
    const target = polyakAverage(takeGroup(tensors, 'target'), parameters, options.tau);
    const { values } = extras;
    const meanSquare = tf.mul(loss, options.numQs);
    const distribution = [tf.mean(values), tf.min(values), tf.max(values)];
    return {
      ...outputs,
      ...asGroup('target', target),
      criticMetrics: metricsVector([meanSquare, ...distribution, squaredNorm(gradients)]),
    };
  };
  return { name: 'criticStep', inputs, outputs: { ...state, criticMetrics: [CRITIC_METRICS.length] }, run };
}
