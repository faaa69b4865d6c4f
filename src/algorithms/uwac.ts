import { z } from 'zod';
import { actionVae } from '../learner/action_vae.js';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, compute, ensemble, normal, single, train, uniform } from '../learner/declare.js';
import { dropoutValue, unitsOf } from '../learner/dropout_value.js';
import { withDefaults } from '../learner/extend.js';
import { mean, metric } from '../learner/metrics.js';
import { squashedGaussian } from '../learner/networks.js';
import { lossAndGradients } from '../nn/gradients.js';
import { tf } from '../nn/tensorflow.js';
import { actionVaeStep } from './parts/action_vae_step.js';
import { bestCandidatePolicy, squashedCandidates } from './parts/best_candidate.js';
import { criticMetrics } from './parts/critic_metrics.js';
import { bellmanTarget, betweenExtremes, criticLoss, lowestOf, lowestSlope } from './parts/losses.js';
import { count, supportMatchingOptions, weight } from './parts/options.js';
import { samplesOf } from './parts/squashed_samples.js';
import { supportMatching } from './parts/support_matching.js';
import { certainties, targetVariances } from './parts/uncertainty.js';

const { criticLayerNorm: _, ...matchingOptions } = supportMatchingOptions;

const options = z.strictObject({
  ...matchingOptions,
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe("share of a hidden layer's units that critics leave out"),
  spectralNorm: z.boolean().default(true).describe("hold the slope of each of the critics' layers at 1"),
  numPasses: count()
    .min(2)
    .max(1000)
    .default(20)
    .describe(
      'passes with other units left out, of which values have mean and variance; the authors took 100',
    ),
  beta: weight()
    .default(0.5)
    .describe('β: transitions and actions count exp(−β · the variance of their values); 0: all alike'),
});

export type UwacOptions = z.output<typeof options>;

/**
 * Uncertainty-weighted actor-critic: BEAR whose critics have dropout, where the less certain they are of a value, the less it counts for
 * critics and actor. Choices are made by critics with all units.
 */
export const uwac: Algorithm<UwacOptions> = {
  name: 'uwac',
  paper: 'Wu et al. 2021, arXiv 2105.08140',
  options: withDefaults(options, {
    actorFeatures: [256, 256],
    criticFeatures: [256, 256],
    kernel: 'gaussian',
    matchThreshold: 0.07,
    matchSamples: 4,
    numCandidates: 100,
  }),
  declare,
};

/** The order of the authors' code, but other masks of dropout: all critics get the same, see {@link dropoutValue} for the rest. */
function declare(o: UwacOptions, sizes: Sizes): Declaration {
  const { actionDim, batchSize } = sizes;
  const layers = { features: o.criticFeatures, dropout: o.dropout, spectralNorm: o.spectralNorm };
  const actorLayers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const vae = single('vae', actionVae(sizes, { features: o.vaeFeatures, layerNorm: false }));
  const actor = single('actor', squashedGaussian(sizes, actorLayers, o.logStdMin));
  const target = { name: 'target', rate: o.tau };
  const critics = ensemble('critic', o.numQs, dropoutValue(sizes, layers), target);
  const nextNoise = normal('nextNoise', o.numSamples * actionDim);
  const units = unitsOf(layers);
  // Masks of the passes are not about rows: the numbers for them are spread over all.
  const perRow = Math.ceil((o.numPasses * units) / batchSize);
  const [nextMasks, policyMasks] = [uniform('nextMasks', perRow), uniform('policyMasks', perRow)];
  const masks = uniform('masks', units);
  const criticAdam = adam('critic', o.criticLearningRate);

  const { step: vaeStep, metrics: vaeMetrics } = actionVaeStep(vae, adam('vae', o.vaeLearningRate), sizes);

  const nextStep = compute({ name: 'next actions', over: 'rows' }, ({ read, apply }) => {
    const policy = apply(actor, read(batch.nextObservations));
    return { nextPolicyActions: samplesOf(policy, read(nextNoise), o.numSamples).actions };
  });

  const targetStep = compute({ name: 'next values', over: critics }, ({ read, applyAverage }) => {
    const actions = read(nextStep.values.nextPolicyActions);
    const { moments } = applyAverage(critics);
    const next = moments(read(batch.nextObservations), actions, read(nextMasks), o.numPasses);
    return { nextQ: next.mean, nextVariance: next.variance };
  });

  const criticStep = train({ name: 'critic', network: critics, optimiser: criticAdam }, (scope) => {
    const { read, members, apply } = scope;
    const discounts = read(batch.discounts);
    const nextQ = betweenExtremes(members(targetStep.values.nextQ), o.lowestWeight);
    const targetQ = bellmanTarget(read(batch.rewards), discounts, [nextQ]);
    const variance = targetVariances(members(targetStep.values.nextVariance), discounts);
    const certainty = certainties(variance, o.beta);
    const criticQ = apply(critics).sample(read(batch.observations), read(batch.actions), read(masks));
    // The weight is inside the square.
    const loss = criticLoss(tf.mul(certainty, criticQ), tf.mul(certainty, targetQ), 1);
    return { loss, criticQ, targetQ, certainty };
  });

  const matching = supportMatching(o, actor, vae, sizes);
  const { policyActions } = matching.sampleStep.values;

  /** About the first of the policy's samples. */
  const gradientStep = compute({ name: 'action gradient', over: critics }, ({ read, apply }) => {
    const first = tf.slice(read(policyActions), [0, 0, 0], [-1, 1, -1]);
    const actions = tf.reshape(first, [-1, actionDim]);
    const { extras, gradients } = lossAndGradients({ actions }, (candidate) => {
      const found = apply(critics).moments(
        read(batch.observations),
        candidate['actions'],
        read(policyMasks),
        o.numPasses,
      );
      return { loss: tf.sum(found.mean), extras: { ...found } };
    });
    return {
      policyQ: extras['mean'],
      policyVariance: extras['variance'],
      actionGradient: gradients['actions'],
    };
  });
  const { policyQ, policyVariance, actionGradient: slopes } = gradientStep.values;

  const climbedStep = compute({ name: 'climbed values', over: 'batch' }, ({ members }) => ({
    climbedQ: lowestOf(members(policyQ)),
    policyCertainty: certainties(tf.addN(members(policyVariance)), o.beta),
  }));
  const { climbedQ, policyCertainty } = climbedStep.values;

  const actorStep = matching.actorStepBy(({ read, members }) => {
    const slope = lowestSlope(members(policyQ), members(slopes));
    const weighted = tf.mul(slope, tf.reshape(read(policyCertainty), [-1, 1]));
    return tf.pad(weighted, [
      [0, 0],
      [0, (o.matchSamples - 1) * actionDim],
    ]);
  });

  const steps = [vaeStep, nextStep, targetStep, criticStep, matching.sampleStep, gradientStep, climbedStep];
  return {
    networks: [actor, vae, critics],
    duals: [matching.penalty],
    phases: {
      online: {
        steps: [...steps, actorStep, matching.penaltyStepAfter(actorStep)],
        metrics: [
          ...vaeMetrics,
          ...criticMetrics(criticStep, criticAdam),
          metric('certainty', criticStep, (record) => mean(record.member(criticStep.values.certainty, 0))),
          metric('policy_certainty', climbedStep, (record) => mean(record.rows(policyCertainty))),
          metric('actor_loss', climbedStep, (record) => -mean(record.rows(climbedQ))),
          ...matching.metricsOf(actorStep),
        ],
      },
    },
    policy: bestCandidatePolicy({
      ...squashedCandidates(actor, o.numCandidates, actionDim),
      critics,
      valuesOf: ({ apply }, observations, actions) => apply(critics).value(observations, actions),
      shown: { actions: policyActions, q: policyQ },
    }),
  };
}
