import { z } from 'zod';
import { actionVae } from '../learner/action_vae.js';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, compute, ensemble, normal, single } from '../learner/declare.js';
import { mean, metric } from '../learner/metrics.js';
import { actionValue, squashedGaussian } from '../learner/networks.js';
import { tf } from '../nn/tensorflow.js';
import { actionVaeStep } from './parts/action_vae_step.js';
import { bestCandidatePolicy, squashedCandidates } from './parts/best_candidate.js';
import { candidateCritics } from './parts/candidate_critics.js';
import { criticMetrics } from './parts/critic_metrics.js';
import { actionGradient, lowestOf, lowestSlope } from './parts/losses.js';
import { supportMatchingOptions } from './parts/options.js';
import { samplesOf } from './parts/squashed_samples.js';
import { supportMatching } from './parts/support_matching.js';

const options = z.strictObject(supportMatchingOptions);

export type BearOptions = z.output<typeof options>;

/**
 * Bootstrapping error accumulation reduction: a policy that climbs the lowest of the critics inside the support of the data, to which
 * its samples are held by their maximum mean discrepancy to those of a generative network.
 */
export const bear: Algorithm<BearOptions> = {
  name: 'bear',
  paper: 'Kumar et al. 2019, arXiv 1906.00949',
  options,
  declare,
};

/** Algorithm 1, with the order of the authors' code: generative network, critics, actor, weight of the constraint. */
function declare(o: BearOptions, sizes: Sizes): Declaration {
  const { actionDim } = sizes;
  const actorLayers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const criticLayers = { features: o.criticFeatures, layerNorm: o.criticLayerNorm };
  const vae = single('vae', actionVae(sizes, { features: o.vaeFeatures, layerNorm: false }));
  const targetActor = { name: 'targetActor', rate: o.tau };
  const actor = single('actor', squashedGaussian(sizes, actorLayers, o.logStdMin), targetActor);
  const target = { name: 'target', rate: o.tau };
  const critics = ensemble('critic', o.numQs, actionValue(sizes, criticLayers), target);
  const nextNoise = normal('nextNoise', o.numSamples * actionDim);
  const criticAdam = adam('critic', o.criticLearningRate);

  const { step: vaeStep, metrics: vaeMetrics } = actionVaeStep(vae, adam('vae', o.vaeLearningRate), sizes);

  const nextStep = compute({ name: 'next actions', over: 'rows' }, ({ read, applyAverage }) => {
    const policy = applyAverage(actor, read(batch.nextObservations));
    return { nextPolicyActions: samplesOf(policy, read(nextNoise), o.numSamples).actions };
  });

  const { targetStep, criticStep } = candidateCritics(
    critics,
    criticAdam,
    nextStep.values.nextPolicyActions,
    o.lowestWeight,
  );

  const matching = supportMatching(o, actor, vae, sizes);
  const { policyActions } = matching.sampleStep.values;

  const gradientStep = compute({ name: 'action gradient', over: critics }, ({ read, apply }) => {
    const { value, gradient } = actionGradient(read(policyActions), (actions) =>
      tf.mean(apply(critics, read(batch.observations), actions), 1),
    );
    return { policyQ: value, actionGradient: tf.reshape(gradient, [-1, o.matchSamples * actionDim]) };
  });
  const { policyQ, actionGradient: gradients } = gradientStep.values;

  const actorStep = matching.actorStepBy(({ members }) => lowestSlope(members(policyQ), members(gradients)));

  const climbedStep = compute({ name: 'climbed values', over: 'batch' }, ({ members }) => ({
    climbedQ: lowestOf(members(policyQ)),
  }));

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
          metric('actor_loss', climbedStep, (record) => -mean(record.rows(climbedStep.values.climbedQ))),
          ...matching.metricsOf(actorStep),
        ],
      },
    },
    policy: bestCandidatePolicy({
      ...squashedCandidates(actor, o.numCandidates, actionDim),
      critics,
      valuesOf: ({ apply }, observations, actions) => apply(critics, observations, actions),
      shown: { actions: policyActions, q: policyQ },
    }),
  };
}
