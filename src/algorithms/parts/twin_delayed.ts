import type { z } from 'zod';
import type { Declaration, Sizes } from '../../learner/algorithm.js';
import { adam, batch, compute, ensemble, follow, normal, single, train } from '../../learner/declare.js';
import { mean, metric, type UpdateRecord } from '../../learner/metrics.js';
import type { ActionValue, DeterministicPolicy } from '../../learner/networks.js';
import { clippedNoise } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';
import { criticMetrics } from './critic_metrics.js';
import {
  actionGradient,
  batchWide,
  bellmanTarget,
  criticLoss,
  imitationLosses,
  linearisedValue,
} from './losses.js';
import type { twinDelayedOptions } from './options.js';
import { deterministicPolicy } from './policies.js';

type SharedOptions = z.output<z.ZodObject<typeof twinDelayedOptions>>;

/** The choices in which algorithms of the family differ, besides the values of their options. */
export interface Choices extends SharedOptions {
  actor: DeterministicPolicy;
  critic: ActionValue;
  /** The value Q [rows] that the actor ascends, from all critics' values, each [rows]. */
  ascended(values: tf.Tensor[]): tf.Tensor;
  /** ∂Q/∂a [rows, actionDim] of that value, from all critics' values [rows] and ∂Q/∂a [rows, actionDim]. */
  slope(values: tf.Tensor[], gradients: tf.Tensor[]): tf.Tensor;
  /** α: Q counts α / mean|Q| times in the actor's loss. */
  valueWeight: number;
  /** The weight of ‖π(s) − a‖² in the actor's loss. */
  imitationWeight: number;
  /** The weight of ‖a′ − the recorded next action‖², which is taken from the next value. */
  targetPenalty: number;
  /** True if the actor's target moves before the actor's step, towards what the actor was; else after it. */
  targetFirst: boolean;
}

/** The least mean|Q| that is divided by: critics that say 0 of everything would make the loss infinite. */
const LEAST_VALUE = 1e-8;

/**
 * TD3 (Fujimoto et al. 2018, arXiv 1802.09477) kept near the data, as TD3+BC and its kin: a deterministic actor, noise on the
 * target's actions, and a step of the actor and of all targets in every `actorUpdateFreq`-th update alone.
 */
export function twinDelayed(o: Choices, sizes: Sizes): Declaration {
  const { actionDim, batchSize } = sizes;
  const actor = single('actor', o.actor, { name: 'targetActor', rate: null });
  const critics = ensemble('critic', o.numQs, o.critic, { name: 'target', rate: null });
  const nextNoise = normal('nextNoise', actionDim);
  const actorAdam = adam('actor', o.actorLearningRate);
  const criticAdam = adam('critic', o.criticLearningRate);
  const every = o.actorUpdateFreq;

  const nextStep = compute({ name: 'next actions', over: 'rows' }, ({ read, applyAverage }) => {
    const noise = clippedNoise(read(nextNoise), o.targetNoise, o.targetNoiseClip);
    const mode = applyAverage(actor, read(batch.nextObservations));
    const nextPolicyActions = tf.clipByValue(tf.add(mode, noise), -1, 1);
    if (o.targetPenalty === 0) return { nextPolicyActions };
    const weight = tf.scalar(o.targetPenalty);
    return {
      nextPolicyActions,
      nextPenalty: imitationLosses(nextPolicyActions, read(batch.nextActions), weight),
    };
  });

  const targetStep = compute({ name: 'next values', over: critics }, ({ read, applyAverage }) => {
    const { nextPolicyActions, nextPenalty } = nextStep.values;
    const nextQ = applyAverage(critics, read(batch.nextObservations), read(nextPolicyActions));
    return { nextQ: o.targetPenalty === 0 ? nextQ : tf.sub(nextQ, read(nextPenalty)) };
  });

  const criticStep = train({ name: 'critic', network: critics, optimiser: criticAdam }, (scope) => {
    const { read, members, apply } = scope;
    const nextQs = members(targetStep.values.nextQ);
    const targetQ = bellmanTarget(read(batch.rewards), read(batch.discounts), nextQs);
    const criticQ = apply(critics, read(batch.observations), read(batch.actions));
    return { loss: criticLoss(criticQ, targetQ, 1), criticQ, targetQ };
  });

  const policyStep = compute({ name: 'policy actions', over: 'rows', every }, ({ read, apply }) => ({
    policyActions: apply(actor, read(batch.observations)),
  }));

  const gradientStep = compute({ name: 'action gradient', over: critics, every }, ({ read, apply }) => {
    const { value, gradient } = actionGradient(read(policyStep.values.policyActions), (actions) =>
      apply(critics, read(batch.observations), actions),
    );
    return { policyQ: value, actionGradient: gradient };
  });

  const weightStep = compute({ name: 'value weight', over: 'batch', every }, ({ members }) => {
    const ascendedQ = o.ascended(members(gradientStep.values.policyQ));
    const size = tf.maximum(tf.mean(tf.abs(ascendedQ)), LEAST_VALUE);
    return { ascendedQ, valueWeight: batchWide(tf.div(o.valueWeight, size), batchSize) };
  });

  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam, every }, (scope) => {
    const { read, members, apply } = scope;
    const { policyQ, actionGradient: gradients } = gradientStep.values;
    const slope = o.slope(members(policyQ), members(gradients));
    const actions = apply(actor, read(batch.observations));
    const gains = tf.mul(read(weightStep.values.valueWeight), linearisedValue(slope, actions));
    const distances = imitationLosses(actions, read(batch.actions), tf.scalar(o.imitationWeight));
    return { loss: tf.div(tf.sum(tf.sub(distances, gains)), batchSize), imitationLosses: distances };
  });

  const targets = follow({ name: 'targets', network: critics, rate: o.tau, every });
  const targetActor = follow({ name: 'target actor', network: actor, rate: o.tau, every });
  const actorSteps = o.targetFirst ? [targetActor, actorStep] : [actorStep, targetActor];

  const weightOf = (record: UpdateRecord) => mean(record.rows(weightStep.values.valueWeight));
  const imitationLoss = (record: UpdateRecord) => mean(record.rows(actorStep.values.imitationLosses));
  const metrics = [
    ...criticMetrics(criticStep, criticAdam),
    metric(
      'actor_loss',
      actorStep,
      (record) => imitationLoss(record) - weightOf(record) * mean(record.rows(weightStep.values.ascendedQ)),
    ),
    metric('bc_loss', actorStep, imitationLoss),
    metric('q_weight', actorStep, weightOf),
    metric('actor_grad_norm', actorStep, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
  ];

  return {
    networks: [actor, critics],
    phases: {
      online: {
        steps: [
          nextStep,
          targetStep,
          criticStep,
          policyStep,
          gradientStep,
          weightStep,
          ...actorSteps,
          targets,
        ],
        metrics,
      },
    },
    policy: deterministicPolicy(actor, {
      actions: policyStep.values.policyActions,
      q: gradientStep.values.policyQ,
    }),
  };
}
