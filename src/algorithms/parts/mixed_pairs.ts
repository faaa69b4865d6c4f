import type { PhaseDeclaration, Sizes } from '../../learner/algorithm.js';
import { adam, batch, compute, normal, steer, train } from '../../learner/declare.js';
import { disagreement, mean, metric, type UpdateRecord } from '../../learner/metrics.js';
import type { Dual } from '../../learner/step.js';
import { tf } from '../../nn/tensorflow.js';
import { criticMetricsOf } from './critic_metrics.js';
import { actorLoss, criticLoss, linearisedValue, meanSlope } from './losses.js';
import { mixtureOf } from './mixture.js';
import {
  lowerSlopes,
  numbered,
  type PairedActor,
  type PairedCritics,
  pairCount,
  pairSlopes,
  pairsOf,
  pairTargets,
} from './policy_pairs.js';
import { sampleOf } from './squashed_samples.js';

/** The choices of learning by pairs with experience. */
export interface MixedPairsChoices {
  backupEntropy: boolean;
  learnableTemperature: boolean;
  targetEntropy: number;
  actorLearningRate: number;
  criticLearningRate: number;
  temperatureLearningRate: number;
}

/**
 * SAC (Haarnoja et al. 2018) by the mixture of several policies and their pairs of critics (Lee et al. 2021, equations 2 and 3): each pair
 * has the target of its own lower critic, and the mixture ascends the mean of the lower critics.
 */
export function mixedPairs(
  o: MixedPairsChoices,
  actor: PairedActor,
  critics: PairedCritics,
  temperature: Dual,
  { actionDim, batchSize }: Sizes,
): PhaseDeclaration {
  const pairs = pairCount(critics);
  const nextNoise = normal('mixedNextNoise', actionDim);
  const noise = normal('mixedNoise', actionDim);
  const actorAdam = adam('actor', o.actorLearningRate);
  const criticAdam = adam('critic', o.criticLearningRate);

  const nextStep = compute({ name: 'next actions', over: 'rows' }, ({ read, apply }) => {
    const policy = mixtureOf(apply(actor, read(batch.nextObservations)));
    const { actions, logProbability } = sampleOf(policy, read(nextNoise));
    return { nextPolicyActions: actions, nextLogProbability: logProbability() };
  });
  const { nextPolicyActions, nextLogProbability } = nextStep.values;

  const targetStep = compute({ name: 'next values', over: critics }, ({ read, applyAverage }) => {
    const nextQ = applyAverage(critics, read(batch.nextObservations), read(nextPolicyActions));
    const entropyTerm = tf.mul(tf.exp(read(temperature)), read(nextLogProbability));
    return { nextQ: o.backupEntropy ? tf.sub(nextQ, entropyTerm) : nextQ };
  });

  const targets = pairTargets('mixedTargetQ', targetStep.values.nextQ);

  const criticStep = train(
    { name: 'critic', network: critics, optimiser: criticAdam },
    ({ read, own, apply }) => {
      const targetQ = own(numbered(targets, 'mixedTargetQ', pairs));
      const criticQ = apply(critics, read(batch.observations), read(batch.actions));
      return { loss: criticLoss(criticQ, targetQ, 1), criticQ, targetQ };
    },
  );

  const policyStep = compute({ name: 'policy actions', over: 'rows' }, ({ read, apply }) => ({
    policyActions: sampleOf(mixtureOf(apply(actor, read(batch.observations))), read(noise)).actions,
  }));
  const slopes = pairSlopes('mixed', critics, [policyStep.values.policyActions]);

  const actorStep = train(
    { name: 'actor', network: actor, optimiser: actorAdam },
    ({ read, members, apply }) => {
      const slope = meanSlope(lowerSlopes(members(slopes.q), members(slopes.slope)));
      const policy = mixtureOf(apply(actor, read(batch.observations)));
      const { actions, logProbability: logProbabilityOf } = sampleOf(policy, read(noise));
      const logProbability = logProbabilityOf();
      const value = linearisedValue(slope, actions);
      return { loss: actorLoss(tf.exp(read(temperature)), logProbability, value, batchSize), logProbability };
    },
  );

  const entropy = (record: UpdateRecord) => -mean(record.rows(actorStep.values.logProbability));
  const temperatureLoss = (record: UpdateRecord) =>
    record.dual(temperature) * (entropy(record) - o.targetEntropy);
  const optimiser = adam('temperature', o.temperatureLearningRate, { counter: actorAdam.counter });
  const temperatureStep = steer({ name: 'temperature', dual: temperature, optimiser }, temperatureLoss);

  const policyQs = (record: UpdateRecord) =>
    Array.from({ length: critics.members }, (_, k) => record.member(slopes.q, k));
  /** The mean of the pairs' lower values over the batch. */
  const ascendedQ = (record: UpdateRecord) =>
    mean(pairsOf(policyQs(record)).map(([a, b]) => mean(a.map((value, row) => Math.min(value, b[row])))));
  const steps = [nextStep, targetStep, targets, criticStep, policyStep, slopes.step, actorStep];
  return {
    steps: o.learnableTemperature ? [...steps, temperatureStep] : steps,
    metrics: [
      ...criticMetricsOf(criticStep, criticStep.values, criticAdam),
      metric('q_std', actorStep, (record) => disagreement(policyQs(record))),
      metric(
        'actor_loss',
        actorStep,
        (record) => -record.dual(temperature) * entropy(record) - ascendedQ(record),
      ),
      metric('entropy', actorStep, entropy),
      metric('temperature', actorStep, (record) => record.dual(temperature)),
      metric('temperature_loss', actorStep, temperatureLoss),
      metric('actor_grad_norm', actorStep, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
    ],
  };
}
