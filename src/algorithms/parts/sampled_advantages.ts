import type { Sizes } from '../../learner/algorithm.js';
import { batch, compute, ensemble, normal, train } from '../../learner/declare.js';
import { actionValue, type HiddenLayers } from '../../learner/networks.js';
import type { Optimiser, Scope } from '../../learner/step.js';
import { tf } from '../../nn/tensorflow.js';
import { criticMetrics } from './critic_metrics.js';
import { bellmanTarget, criticLoss, lowestOf } from './losses.js';
import { clippedSample, type GaussianActor } from './policies.js';

/** Choices of the critics, and of what the data's actions are compared with. */
export interface Comparison {
  numQs: number;
  layers: HiddenLayers;
  /** Step of the target critics towards the critics. */
  tau: number;
  /** Actions that are sampled in each observation. */
  numSamples: number;
  /** V [rows] from the values [rows, numSamples] of the actions that were sampled. */
  stateValue(sampled: tf.Tensor): tf.Tensor;
}

/**
 * Critics, of which the lowest counts, that learn the value of a policy from its samples, and the advantages of the data's actions
 * over other samples of it: what AWAC and CRR have in common. A moving average of the actor, if it has one, acts in the target.
 * `steps` are the critics' step and those that the new critics' advantages come from.
 */
export function sampledAdvantages(o: Comparison, actor: GaussianActor, optimiser: Optimiser, sizes: Sizes) {
  const { actionDim } = sizes;
  const critics = ensemble('critic', o.numQs, actionValue(sizes, o.layers), { name: 'target', rate: o.tau });
  const noise = normal('noise', o.numSamples * actionDim);
  const nextNoise = normal('nextNoise', actionDim);

  const nextStep = compute({ name: 'next actions', over: 'rows' }, ({ read, apply, applyAverage }) => {
    const applyUsed = actor.average ? applyAverage : apply;
    const policy = applyUsed(actor, read(batch.nextObservations));
    return { nextPolicyActions: clippedSample(policy, read(nextNoise)) };
  });

  const targetStep = compute({ name: 'next values', over: critics }, ({ read, applyAverage }) => ({
    nextQ: applyAverage(critics, read(batch.nextObservations), read(nextStep.values.nextPolicyActions)),
  }));

  const criticStep = train({ name: 'critic', network: critics, optimiser }, ({ read, members, apply }) => {
    const nextQs = members(targetStep.values.nextQ);
    const targetQ = bellmanTarget(read(batch.rewards), read(batch.discounts), nextQs);
    const criticQ = apply(critics, read(batch.observations), read(batch.actions));
    return { loss: criticLoss(criticQ, targetQ, 1), criticQ, targetQ };
  });

  const policyStep = compute({ name: 'policy actions', over: 'rows' }, ({ read, apply }) => {
    const { mean, logStd } = apply(actor, read(batch.observations));
    const repeated = { mean: sideBySide(mean, o.numSamples), logStd: sideBySide(logStd, o.numSamples) };
    return { policyActions: clippedSample(repeated, read(noise)) };
  });

  const valueStep = compute({ name: 'values of actions', over: critics }, ({ read, apply }) => {
    const observations = read(batch.observations);
    const repeated = tf.reshape(sideBySide(observations, o.numSamples), [-1, sizes.observationDim]);
    const actions = tf.reshape(read(policyStep.values.policyActions), [-1, actionDim]);
    return {
      dataQ: apply(critics, observations, read(batch.actions)),
      policyQ: tf.reshape(apply(critics, repeated, actions), [-1, o.numSamples]),
    };
  });

  const { dataQ, policyQ } = valueStep.values;
  return {
    critics,
    steps: [nextStep, targetStep, criticStep, policyStep, valueStep],
    metrics: criticMetrics(criticStep, optimiser),
    /** Q − V [rows] of the data's actions, in a step after these. */
    advantageIn: ({ members }: Scope) =>
      tf.sub(lowestOf(members(dataQ)), o.stateValue(lowestOf(members(policyQ)))),
    /** The sampled actions [rows, numSamples × actionDim], and each critic's values of them [rows, numSamples]. */
    sampled: { actions: policyStep.values.policyActions, q: policyQ },
  };
}

/** Copies of a tensor [rows, width] beside each other, [rows, copies × width]. */
function sideBySide(x: tf.Tensor, copies: number): tf.Tensor {
  return copies === 1 ? x : tf.tile(x, [1, copies]);
}
