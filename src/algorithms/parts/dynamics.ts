import { z } from 'zod';
import type { Declaration, PhaseDeclaration, Sizes } from '../../learner/algorithm.js';
import { adam, batch, ensemble, train } from '../../learner/declare.js';
import { type BoundedNormal, gaussianDynamics } from '../../learner/gaussian_dynamics.js';
import {
  type Imagination,
  type ImaginedDraws,
  type ImaginedOutcome,
  outcomeOf,
} from '../../learner/imagination.js';
import { mean, memberMetric } from '../../learner/metrics.js';
import type { DeclaredNetwork } from '../../learner/step.js';
import { type Normal, normalSample } from '../../nn/normal.js';
import { tf } from '../../nn/tensorflow.js';
import { count, features, members, rate } from './options.js';

/** The options of algorithms that learn a model of the environment, with the defaults of MOPO. */
export const dynamicsOptions = {
  modelFeatures: features()
    .default([200, 200, 200, 200])
    .describe("widths of the hidden layers of each of the model's networks"),
  numModels: members().default(7).describe('networks that each learn what follows an action'),
  numElites: members()
    .default(5)
    .describe('those that rollouts go by: the ones of the least error on data held out'),
  modelLearningRate: rate().default(1e-3).describe('learning rate of these networks'),
  rolloutFreq: count().default(1000).describe('updates after which rollouts are made anew'),
  numRollouts: count().max(1_000_000).default(50_000).describe('rollouts that are made at a time'),
  rolloutSteps: count().max(1000).default(5).describe('h: steps of a rollout, unless it ends before'),
  rolloutsKept: count()
    .max(1000)
    .default(5)
    .describe('how many times of making them their steps are kept for'),
  realShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("share of the data in batches; the rest are rollouts'"),
};

/** The values of these options. */
export type DynamicsOptions = z.output<z.ZodObject<typeof dynamicsOptions>>;

/** A model of the environment, as `dynamicsModel` gives it. */
export interface DynamicsModel {
  dynamics: DeclaredNetwork;
  phase: PhaseDeclaration;
  imagination: Imagination;
}

/** The rule between these options, for a schema that has them. */
export const ELITES_EXIST = {
  path: ['numElites'],
  error: 'must not exceed the number of networks in the model',
};

/** The weight of the range that log-variances may have (Chua et al. 2018, arXiv 1805.12114, in the authors' code). */
const RANGE_WEIGHT = 0.01;

/**
 * An ensemble that models the environment: the network, the phase that trains it, and the rollouts in it. Rewards of rollouts are
 * those that it expects less `doubtWeight` times its doubts.
 */
export function dynamicsModel(o: DynamicsOptions, doubtWeight: number, sizes: Sizes): DynamicsModel {
  const dynamics = ensemble(
    'dynamics',
    o.numModels,
    gaussianDynamics(sizes, o.modelFeatures, sizes.observationDim + 1),
  );

  const modelStep = train(
    { name: 'model', network: dynamics, optimiser: adam('model', o.modelLearningRate) },
    ({ read, apply }) => {
      const prediction = apply(dynamics, read(batch.observations), read(batch.actions));
      const outcome = outcomeOf(read(batch.observations), read(batch.nextObservations), read(batch.rewards));
      const modelLosses = likelihoodLosses(prediction, outcome);
      return { loss: tf.add(tf.mean(modelLosses), regularisation(prediction)), modelLosses };
    },
  );

  const loss = memberMetric('loss', modelStep, 'mean', (record, k) =>
    mean(record.member(modelStep.values.modelLosses, k)),
  );
  const imagination: Imagination = {
    model: dynamics,
    elites: o.numElites,
    every: o.rolloutFreq,
    rollouts: o.numRollouts,
    steps: o.rolloutSteps,
    kept: o.rolloutsKept,
    realShare: o.realShare,
    errors: squaredErrors,
    step: (predictions, draws, scale) => imaginedStep(predictions, draws, scale, doubtWeight),
  };
  const phase: PhaseDeclaration = { steps: [modelStep], metrics: [loss] };
  return { dynamics, phase, imagination };
}

/** An algorithm whose updates of the phase online are made offline, on data and on rollouts in a model that it learns before. */
export function inModel(
  { networks, phases, ...rest }: Declaration,
  { dynamics, phase, imagination }: DynamicsModel,
): Declaration {
  return {
    ...rest,
    networks: [...networks, dynamics],
    imagination,
    phases: { model: phase, offline: phases.online! },
  };
}

/** The mean over the entries of (μ − x)²/σ² + log σ² of each row, [rows]: twice −log N(x; μ, σ²), but for a constant. */
export function likelihoodLosses({ mean: expected, logStd }: Normal, outcome: tf.Tensor): tf.Tensor {
  const standardised = tf.div(tf.sub(expected, outcome), tf.exp(logStd));
  return tf.mean(tf.add(tf.square(standardised), tf.mul(logStd, 2)), 1);
}

/** The mean over the entries of (μ − x)² of each row, [rows]. */
export function squaredErrors({ mean: expected }: Pick<Normal, 'mean'>, outcome: tf.Tensor): tf.Tensor {
  return tf.mean(tf.square(tf.sub(expected, outcome)), 1);
}

/**
 * The other terms of a member's loss: the range that log-variances may have, and ½‖W‖² of each layer's kernel, with weights that rise
 * by 2.5·10⁻⁵ to 7.5·10⁻⁵ and are 10⁻⁴ in the last layer, as in MOPO's authors' code.
 */
function regularisation({ logVarianceRange, energies }: BoundedNormal): tf.Tensor {
  const decays = energies.map((energy, layer) => {
    const decay = layer === energies.length - 1 ? 1e-4 : Math.min(7.5e-5, 2.5e-5 * (layer + 1));
    return tf.mul(energy, decay);
  });
  return tf.addN([tf.mul(logVarianceRange, RANGE_WEIGHT), ...decays]);
}

/**
 * maxᵢ‖σᵢ(s, a)‖ over all members [rows], of deviations [rows, width] (Yu et al. 2020, arXiv 2005.13239, section 4.3). `units`
 * [width] is what the entries are multiplied by.
 */
export function largestDeviation(predictions: readonly Normal[], units: tf.Tensor): tf.Tensor {
  const lengths = predictions.map(({ logStd }) =>
    tf.sqrt(tf.sum(tf.square(tf.mul(tf.exp(logStd), units)), 1)),
  );
  return lengths.reduce((largest, length) => tf.maximum(largest, length));
}

/**
 * A step of rollouts: (Δs, r) is a sample of the distribution of the member that is chosen, and the reward is
 * r̃ = r − λ·maxᵢ‖σᵢ(s, a)‖ (Yu et al. 2020, algorithm 2). Deviations count in the units of observations that are not normalised.
 */
export function imaginedStep(
  predictions: readonly Normal[],
  { chosen, noise }: ImaginedDraws,
  observationScale: tf.Tensor,
  doubtWeight: number,
): ImaginedOutcome {
  const isChosen = tf.split(chosen, predictions.length, 1);
  const ofChosen = (entry: keyof Normal) =>
    tf.addN(predictions.map((prediction, k) => tf.mul(prediction[entry], isChosen[k])));
  const sample = normalSample({ mean: ofChosen('mean'), logStd: ofChosen('logStd') }, noise);
  const width = noise.shape[1]!;
  const [change, reward] = tf.split(sample, [width - 1, 1], 1);
  const doubts = largestDeviation(predictions, tf.concat([tf.div(1, observationScale), tf.ones([1])]));
  return {
    change: tf.div(change, observationScale),
    rewards: tf.sub(tf.reshape(reward, [-1]), tf.mul(doubts, doubtWeight)),
    doubts,
  };
}
