import { z } from 'zod';
import { actionVae, latentDimOf } from '../learner/action_vae.js';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, compute, ensemble, normal, single, train } from '../learner/declare.js';
import { mean, metric } from '../learner/metrics.js';
import { actionValue, perturbation } from '../learner/networks.js';
import type { Scope } from '../learner/step.js';
import { tf } from '../nn/tensorflow.js';
import { actionVaeStep, clippedLatents } from './parts/action_vae_step.js';
import { bestCandidatePolicy } from './parts/best_candidate.js';
import { candidateCritics } from './parts/candidate_critics.js';
import { criticMetrics } from './parts/critic_metrics.js';
import { actionGradient, linearisedValue } from './parts/losses.js';
import { count, features, members, rate, share, unitWeight } from './parts/options.js';

const options = z.strictObject({
  actorFeatures: features()
    .default([400, 300])
    .describe("widths of the hidden layers of the network that moves the data's actions"),
  criticFeatures: features().default([400, 300]).describe("widths of each critic's hidden layers"),
  vaeFeatures: features()
    .default([750, 750])
    .describe("widths of the hidden layers of each half of the network that makes the data's actions"),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in the critics'),
  actorLayerNorm: z
    .boolean()
    .default(false)
    .describe("layer norm in the network that moves the data's actions"),
  numQs: members().default(2).describe('critics in the ensemble'),
  tau: share()
    .default(0.005)
    .describe("step of the targets towards the critics and the network that moves the data's actions"),
  maxPerturbation: unitWeight()
    .default(0.05)
    .describe(
      "Φ: the most that an entry of the data's actions is moved by; 0: the best of the data's actions",
    ),
  lowestWeight: unitWeight()
    .default(0.75)
    .describe("λ: how much the lowest critic counts in the target; the rest is the highest's"),
  numSamples: count().max(1000).default(10).describe('next actions, of which the best counts in the target'),
  numCandidates: count().max(10_000).default(100).describe('actions, of which the policy does the best'),
  actorLearningRate: rate()
    .default(1e-3)
    .describe("learning rate of the network that moves the data's actions"),
  criticLearningRate: rate().default(1e-3).describe('learning rate of the critics'),
  vaeLearningRate: rate()
    .default(1e-3)
    .describe("learning rate of the network that makes the data's actions"),
});

export type BcqOptions = z.output<typeof options>;

/**
 * Batch-constrained Q-learning: a generative network makes actions like those in the data, another moves them a little to where critics
 * value them more, and the best of several is done.
 */
export const bcq: Algorithm<BcqOptions> = {
  name: 'bcq',
  paper: 'Fujimoto et al. 2019, arXiv 1812.02900',
  options,
  declare,
};

/** Algorithm 1, with the order of the authors' code: generative model, critics, perturbation. */
function declare(o: BcqOptions, sizes: Sizes): Declaration {
  const { batchSize } = sizes;
  const latentDim = latentDimOf(sizes);
  const actorLayers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const criticLayers = { features: o.criticFeatures, layerNorm: o.criticLayerNorm };
  const vae = single('vae', actionVae(sizes, { features: o.vaeFeatures, layerNorm: false }));
  const target = { name: 'targetActor', rate: o.tau };
  const actor = single('actor', perturbation(sizes, actorLayers, o.maxPerturbation), target);
  const critics = ensemble('critic', o.numQs, actionValue(sizes, criticLayers), {
    name: 'target',
    rate: o.tau,
  });
  const latents = normal('latents', latentDim);
  const nextLatents = normal('nextLatents', o.numSamples * latentDim);
  const actorAdam = adam('actor', o.actorLearningRate);
  const criticAdam = adam('critic', o.criticLearningRate);

  const likelyActions = ({ apply }: Pick<Scope, 'apply'>, observations: tf.Tensor, noise: tf.Tensor) =>
    tf.tanh(apply(vae).decode(observations, clippedLatents(noise)));

  const { step: vaeStep, metrics: vaeMetrics } = actionVaeStep(vae, adam('vae', o.vaeLearningRate), sizes);

  const nextStep = compute({ name: 'next actions', over: 'rows' }, (scope) => {
    const { read, applyAverage } = scope;
    const nextObservations = read(batch.nextObservations);
    const noise = tf.reshape(read(nextLatents), [-1, o.numSamples, latentDim]);
    const likely = likelyActions(scope, nextObservations, noise);
    return { nextPolicyActions: applyAverage(actor, nextObservations, likely) };
  });

  const { targetStep, criticStep } = candidateCritics(
    critics,
    criticAdam,
    nextStep.values.nextPolicyActions,
    o.lowestWeight,
  );

  const policyStep = compute({ name: 'policy actions', over: 'rows' }, (scope) => {
    const observations = scope.read(batch.observations);
    const likely = likelyActions(scope, observations, scope.read(latents));
    return { likelyActions: likely, policyActions: scope.apply(actor, observations, likely) };
  });

  const gradientStep = compute({ name: 'action gradient', over: critics }, ({ read, apply }) => {
    const { value, gradient } = actionGradient(read(policyStep.values.policyActions), (actions) =>
      apply(critics, read(batch.observations), actions),
    );
    return { policyQ: value, actionGradient: gradient };
  });
  const { policyQ } = gradientStep.values;

  // Equation 12, by the first critic.
  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam }, (scope) => {
    const [slope] = scope.members(gradientStep.values.actionGradient);
    const moved = scope.apply(
      actor,
      scope.read(batch.observations),
      scope.read(policyStep.values.likelyActions),
    );
    return { loss: tf.div(tf.neg(tf.sum(linearisedValue(slope, moved))), batchSize) };
  });

  return {
    networks: [actor, vae, critics],
    phases: {
      online: {
        steps: [vaeStep, nextStep, targetStep, criticStep, policyStep, gradientStep, actorStep],
        metrics: [
          ...vaeMetrics,
          ...criticMetrics(criticStep, criticAdam),
          metric('actor_loss', gradientStep, (record) => -mean(record.member(policyQ, 0))),
          metric('actor_grad_norm', actorStep, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
        ],
      },
    },
    policy: bestCandidatePolicy({
      makers: [vae, actor],
      critics,
      valuesOf: ({ apply }, observations, actions) => apply(critics, observations, actions),
      count: o.numCandidates,
      width: latentDim,
      candidates: (scope, observations, noise) =>
        scope.apply(actor, observations, likelyActions(scope, observations, noise)),
      shown: { actions: policyStep.values.policyActions, q: policyQ },
    }),
  };
}
