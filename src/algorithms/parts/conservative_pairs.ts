import type { PhaseDeclaration, Sizes } from '../../learner/algorithm.js';
import { adam, batch, compute, dual, normal, steer, train } from '../../learner/declare.js';
import { mean, memberMetric, metric, type UpdateRecord } from '../../learner/metrics.js';
import type { Dual } from '../../learner/step.js';
import { tf } from '../../nn/tensorflow.js';
import { candidateNoises, candidatesOf, nextWhereGoingOn } from './candidate_actions.js';
import { conservativeGaps } from './conservative_penalty.js';
import { criticMetricsOf } from './critic_metrics.js';
import { actorLoss, criticLoss, linearisedValue } from './losses.js';
import {
  byNumber,
  lowerSlopes,
  numbered,
  type PairedActor,
  type PairedCritics,
  pairCount,
  pairSlopes,
  pairTargets,
} from './policy_pairs.js';
import { sampleOf } from './squashed_samples.js';

/** The choices of learning by pairs from data alone. */
export interface ConservativePairsChoices {
  conservativeWeight: number;
  conservativeTemperature: number;
  numCandidates: number;
  initialTemperature: number;
  learnableTemperature: boolean;
  targetEntropy: number;
  offlineActorLearningRate: number;
  criticLearningRate: number;
  temperatureLearningRate: number;
}

/**
 * CQL (Kumar et al. 2020) by several policies at a time, each with two critics, a temperature and noise of its own: a phase, and the
 * temperatures. No member sees another; batches are the same for all.
 */
export function conservativePairs(
  o: ConservativePairsChoices,
  actor: PairedActor,
  critics: PairedCritics,
  { actionDim, batchSize }: Sizes,
): { phase: PhaseDeclaration; temperatures: Dual[] } {
  const pairs = pairCount(critics);
  const each = Array.from({ length: pairs }, (_, k) => k);
  const temperatures = each.map((k) => dual(`logTemperature${k}`, o.initialTemperature));
  const nextNoise = normal('nextNoise', pairs * actionDim);
  const noise = normal('noise', pairs * actionDim);
  const candidateNoise = candidateNoises(pairs * o.numCandidates * actionDim);
  const actorAdam = adam('offlineActor', o.offlineActorLearningRate);
  const criticAdam = adam('offlineCritic', o.criticLearningRate);
  const shares = (numbers: tf.Tensor) => tf.split(numbers, pairs, 1);

  const nextStep = compute({ name: 'next actions of pairs', over: 'rows' }, ({ read, apply }) => {
    const noises = shares(read(nextNoise));
    const policies = apply(actor, read(batch.nextObservations));
    return byNumber(
      'pairNextActions',
      policies.map((policy, k) => sampleOf(policy, noises[k]).actions),
    );
  });

  const targetStep = compute(
    { name: 'next values of pairs', over: critics },
    ({ read, own, applyAverage }) => ({
      pairNextQ: applyAverage(
        critics,
        read(batch.nextObservations),
        own(numbered(nextStep, 'pairNextActions', pairs)),
      ),
    }),
  );

  const targets = pairTargets('pairTargetQ', targetStep.values.pairNextQ);

  const drawing = compute({ name: 'candidate actions of pairs', over: 'rows' }, (scope) => {
    const { read, apply } = scope;
    const policies = apply(actor, read(batch.observations));
    const nextPolicies = apply(actor, nextWhereGoingOn(scope));
    const [spreads, noises, nextNoises] = [
      candidateNoise.spread,
      candidateNoise.noise,
      candidateNoise.nextNoise,
    ].map((draw) => shares(read(draw)));
    const candidates = policies.map((policy, k) =>
      candidatesOf(
        policy,
        nextPolicies[k],
        { spread: spreads[k], noise: noises[k], nextNoise: nextNoises[k] },
        o.numCandidates,
      ),
    );
    return {
      ...byNumber(
        'candidateActions',
        candidates.map(({ actions }) => actions),
      ),
      ...byNumber(
        'candidateLogDensities',
        candidates.map(({ logDensities }) => logDensities),
      ),
    };
  });

  // Equation 4, by the importance sampling of appendix F.
  const criticStep = train(
    { name: 'critics of pairs', network: critics, optimiser: criticAdam },
    ({ read, own, apply }) => {
      const pairTarget = own(numbered(targets, 'pairTargetQ', pairs));
      const pairCriticQ = apply(critics, read(batch.observations), read(batch.actions));
      const values = apply(
        critics,
        read(batch.observations),
        own(numbered(drawing, 'candidateActions', pairs)),
      );
      const candidates = { values, logDensities: own(numbered(drawing, 'candidateLogDensities', pairs)) };
      const gap = conservativeGaps(candidates, pairCriticQ, o.conservativeTemperature);
      const penalty = tf.mul(tf.mean(gap), o.conservativeWeight);
      const loss = tf.add(criticLoss(pairCriticQ, pairTarget, 1), penalty);
      return { loss, pairCriticQ, pairTarget, gap };
    },
  );

  const policyStep = compute({ name: 'policy actions of pairs', over: 'rows' }, ({ read, apply }) => {
    const noises = shares(read(noise));
    const policies = apply(actor, read(batch.observations));
    return byNumber(
      'pairActions',
      policies.map((policy, k) => sampleOf(policy, noises[k]).actions),
    );
  });
  const slopes = pairSlopes('pair', critics, numbered(policyStep, 'pairActions', pairs));

  const actorStep = train(
    { name: 'actors of pairs', network: actor, optimiser: actorAdam },
    ({ read, members, apply }) => {
      const noises = shares(read(noise));
      const ascended = lowerSlopes(members(slopes.q), members(slopes.slope));
      const samples = apply(actor, read(batch.observations)).map((policy, k) => sampleOf(policy, noises[k]));
      const logDensities = samples.map(({ logProbability }) => logProbability());
      const losses = samples.map(({ actions }, k) => {
        const value = linearisedValue(ascended[k], actions);
        return actorLoss(tf.exp(read(temperatures[k])), logDensities[k], value, batchSize);
      });
      return { loss: tf.addN(losses), pairLogDensities: tf.stack(logDensities, 1) };
    },
  );

  const entropyOf = (record: UpdateRecord, k: number) => {
    const all = record.rows(actorStep.values.pairLogDensities);
    return -mean(all.filter((_, i) => i % pairs === k));
  };
  const temperatureSteps = temperatures.map((temperature, k) => {
    const optimiser = adam(`temperature${k}`, o.temperatureLearningRate, { counter: actorAdam.counter });
    return steer({ name: `temperature of pair ${k}`, dual: temperature, optimiser }, (record) => {
      return record.dual(temperature) * (entropyOf(record, k) - o.targetEntropy);
    });
  });

  const { pairCriticQ: criticQ, pairTarget: targetQ, gap } = criticStep.values;
  const across = (of: (k: number) => number) => mean(each.map(of));
  return {
    temperatures,
    phase: {
      steps: [
        nextStep,
        targetStep,
        targets,
        drawing,
        criticStep,
        policyStep,
        slopes.step,
        actorStep,
        ...(o.learnableTemperature ? temperatureSteps : []),
      ],
      metrics: [
        ...criticMetricsOf(criticStep, { criticQ, targetQ }, criticAdam),
        memberMetric('conservative_gap', criticStep, 'mean', (record, k) => mean(record.member(gap, k))),
        metric('entropy', actorStep, (record) => across((k) => entropyOf(record, k))),
        metric('temperature', actorStep, (record) => across((k) => record.dual(temperatures[k]))),
        metric('actor_grad_norm', actorStep, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
      ],
    },
  };
}
