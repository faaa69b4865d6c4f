import type { z } from 'zod';
import type { Declaration, Sizes } from '../../learner/algorithm.js';
import {
  adam,
  batch,
  compute,
  dual,
  ensemble,
  normal,
  single,
  steer,
  subset,
  train,
} from '../../learner/declare.js';
import { disagreement, mean, metric, type UpdateRecord } from '../../learner/metrics.js';
import { actionValue, squashedGaussian } from '../../learner/networks.js';
import type { Scope } from '../../learner/step.js';
import { tf } from '../../nn/tensorflow.js';
import { criticMetrics } from './critic_metrics.js';
import { actionGradient, actorLoss, bellmanTarget, criticLoss, linearisedValue } from './losses.js';
import type { softActorCriticOptions } from './options.js';
import { squashedPolicy } from './policies.js';
import { sampleOf, samplesOf } from './squashed_samples.js';

type SharedOptions = z.output<z.ZodObject<typeof softActorCriticOptions>>;

/** The choices in which algorithms of the family differ, besides the values of their options. */
export interface Choices extends SharedOptions {
  /** The number of target critics that are drawn for the minimum. */
  numMinQs: number;
  /** The number of next actions that are drawn for the target, of which the best counts. */
  nextSamples: number;
  targetEntropy: number;
  /** Share of the new policy in its moving average; 1: there is none. */
  actorTau: number;
  /** The divisor of each critic's squared error: 1 for the sum over critics, their number for the mean. */
  criticLossDivisor: number;
  /** ∂Q/∂a [rows, actionDim] that the actor follows, from all critics' values [rows] and ∂Q/∂a [rows, actionDim]. */
  actorSlope(values: tf.Tensor[], gradients: tf.Tensor[]): tf.Tensor;
  /** The mean over the batch of the value that has this slope, from each critic's values [batch]. */
  actorValue(values: readonly Float32Array[]): number;
  /** A further term of the actor's loss for sampled actions [rows, actionDim], and its losses [rows] for the metrics. */
  actorTerm?(scope: Scope, actions: tf.Tensor): { term: tf.Tensor; imitationLosses: tf.Tensor };
}

/**
 * Soft actor-critic (Haarnoja et al. 2018, arXiv 1812.05905) with an ensemble of critics: its networks, steps in the order
 * of RLPD's algorithm 1, and metrics. Beside the declaration it gives the parts that an algorithm can add steps to.
 */
export function softActorCritic(o: Choices, sizes: Sizes) {
  const { actionDim, batchSize } = sizes;
  const actor = single(
    'actor',
    squashedGaussian(sizes, { features: o.actorFeatures, layerNorm: o.actorLayerNorm }, o.logStdMin),
    o.actorTau < 1 ? { name: 'averageActor', rate: o.actorTau } : null,
  );
  const critics = ensemble(
    'critic',
    o.numQs,
    actionValue(sizes, { features: o.criticFeatures, layerNorm: o.criticLayerNorm }),
    { name: 'target', rate: o.tau },
  );
  const temperature = dual('logTemperature', o.initialTemperature);
  const noise = normal('noise', actionDim);
  const nextNoise = normal('nextNoise', o.nextSamples * actionDim);
  const chosen = subset('chosen', critics, o.numMinQs, 'critic-subset');
  const actorAdam = adam('actor', o.actorLearningRate);
  const criticAdam = adam('critic', o.criticLearningRate);
  const every = o.actorUpdateFreq;

  const sample = ({ read, apply }: Scope) => sampleOf(apply(actor, read(batch.observations)), read(noise));

  const nextStep = compute({ name: 'next actions', over: 'rows' }, ({ read, apply }) => {
    const policy = apply(actor, read(batch.nextObservations));
    const { actions, logProbability } =
      o.nextSamples === 1
        ? sampleOf(policy, read(nextNoise))
        : samplesOf(policy, read(nextNoise), o.nextSamples);
    return { nextPolicyActions: actions, nextLogProbability: o.backupEntropy ? logProbability() : undefined };
  });

  const targetStep = compute(
    { name: 'next values', over: critics, only: chosen },
    ({ read, applyAverage }) => {
      const nextQ = applyAverage(
        critics,
        read(batch.nextObservations),
        read(nextStep.values.nextPolicyActions),
      );
      if (!o.backupEntropy) return { nextQ };
      const entropyTerm = tf.mul(tf.exp(read(temperature)), read(nextStep.values.nextLogProbability));
      return { nextQ: tf.sub(nextQ, entropyTerm) };
    },
  );

  const criticStep = train({ name: 'critic', network: critics, optimiser: criticAdam }, (scope) => {
    const { read, apply } = scope;
    const nextQs = scope.chosen(targetStep.values.nextQ, chosen);
    const targetQ = bellmanTarget(read(batch.rewards), read(batch.discounts), nextQs);
    const criticQ = apply(critics, read(batch.observations), read(batch.actions));
    return { loss: criticLoss(criticQ, targetQ, o.criticLossDivisor), criticQ, targetQ };
  });

  const policyStep = compute({ name: 'policy actions', over: 'rows', every }, (scope) => ({
    policyActions: sample(scope).actions,
  }));

  const gradientStep = compute({ name: 'action gradient', over: critics, every }, ({ read, apply }) => {
    const { value, gradient } = actionGradient(read(policyStep.values.policyActions), (actions) =>
      apply(critics, read(batch.observations), actions),
    );
    return { policyQ: value, actionGradient: gradient };
  });

  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam, every }, (scope) => {
    const { members, read } = scope;
    const slope = o.actorSlope(
      members(gradientStep.values.policyQ),
      members(gradientStep.values.actionGradient),
    );
    const { actions, logProbability: logProbabilityOf } = sample(scope);
    const logProbability = logProbabilityOf();
    const value = linearisedValue(slope, actions);
    const loss = actorLoss(tf.exp(read(temperature)), logProbability, value, batchSize);
    if (!o.actorTerm) return { loss, logProbability };
    const { term, imitationLosses } = o.actorTerm(scope, actions);
    return { loss: tf.add(loss, term), logProbability, imitationLosses };
  });

  const entropy = (record: UpdateRecord) => -mean(record.rows(actorStep.values.logProbability));
  // α·(H − target entropy) is a multiple of α, so it is its own derivative by log α.
  const temperatureLoss = (record: UpdateRecord) =>
    record.dual(temperature) * (entropy(record) - o.targetEntropy);
  const temperatureAdam = adam('temperature', o.temperatureLearningRate, { counter: actorAdam.counter });
  const temperatureStep = steer(
    { name: 'temperature', dual: temperature, optimiser: temperatureAdam, every },
    temperatureLoss,
  );

  const { policyQ } = gradientStep.values;
  const policyQs = (record: UpdateRecord) =>
    Array.from({ length: o.numQs }, (_, k) => record.member(policyQ, k));
  const metrics = [
    ...criticMetrics(criticStep, criticAdam),
    metric('q_std', actorStep, (record) => disagreement(policyQs(record))),
    metric(
      'actor_loss',
      actorStep,
      (record) => -record.dual(temperature) * entropy(record) - o.actorValue(policyQs(record)),
    ),
    metric('entropy', actorStep, entropy),
    metric('temperature', actorStep, (record) => record.dual(temperature)),
    metric('temperature_loss', actorStep, temperatureLoss),
    metric('actor_grad_norm', actorStep, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
  ];

  const steps = [nextStep, targetStep, criticStep, policyStep, gradientStep, actorStep];
  return {
    actor,
    critics,
    temperature,
    noise,
    criticStep,
    actorStep,
    declaration: {
      networks: [actor, critics],
      duals: [temperature],
      phases: { online: { steps: o.learnableTemperature ? [...steps, temperatureStep] : steps, metrics } },
      policy: squashedPolicy(
        actor,
        { actions: policyStep.values.policyActions, q: policyQ },
        actor.average !== null,
      ),
    } satisfies Declaration,
  };
}
