import { z } from 'zod';
import type { Algorithm, Declaration, PolicyDeclaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, single, train } from '../learner/declare.js';
import { mean, metric } from '../learner/metrics.js';
import { boundedGaussian, deterministicAction, type HiddenLayers } from '../learner/networks.js';
import type { DeclaredNetwork, Scope } from '../learner/step.js';
import { logDensity } from '../nn/normal.js';
import { tf } from '../nn/tensorflow.js';
import { decay, features, logStdMin, rate } from './parts/options.js';
import { clippedPolicy, deterministicPolicy } from './parts/policies.js';

const options = z.strictObject({
  actorFeatures: features().default([256, 256, 256]).describe("widths of the policy's hidden layers"),
  actorLayerNorm: z.boolean().default(true).describe('layer norm in the actor'),
  nll: z
    .boolean()
    .default(false)
    .describe(
      'learn a normal distribution of actions, by likelihood, in place of one action, by squared error',
    ),
  logStdMin: logStdMin().default(-5).describe("lower limit of that distribution's log-std"),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  actorDecay: decay()
    .default('cosine')
    .describe("curve along which the actor's learning rate falls to 0 in the phase offline; null: it stays"),
});

export type BcOptions = z.output<typeof options>;

/** Behaviour cloning: the policy does what was meant to be done in the data, whatever came of it. */
export const bc: Algorithm<BcOptions> = {
  name: 'bc',
  paper: 'Pomerleau 1991, doi 10.1162/neco.1991.3.1.88',
  options,
  declare,
};

/** A policy to be fitted, with the losses [rows] of a step's rows. */
interface Fit {
  actor: DeclaredNetwork;
  losses(scope: Scope): tf.Tensor;
  policy: PolicyDeclaration;
}

function declare(o: BcOptions, sizes: Sizes): Declaration {
  const layers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const { actor, losses, policy } = o.nll
    ? byLikelihood(sizes, layers, o.logStdMin)
    : bySquares(sizes, layers);
  const actorAdam = adam('actor', o.actorLearningRate, { decay: o.actorDecay });
  const step = train({ name: 'actor', network: actor, optimiser: actorAdam }, (scope) => {
    const actorLosses = losses(scope);
    return { loss: tf.div(tf.sum(actorLosses), sizes.batchSize), actorLosses };
  });
  const metrics = [
    metric('bc_loss', step, (record) => mean(record.rows(step.values.actorLosses))),
    metric('actor_grad_norm', step, (record) => Math.sqrt(record.squaredNorm(actorAdam, 0))),
  ];
  return { networks: [actor], phases: { offline: { steps: [step], metrics } }, policy };
}

/** One action for each observation, by the mean of its squared distances to those in the data. */
function bySquares(sizes: Sizes, layers: HiddenLayers): Fit {
  const actor = single('actor', deterministicAction(sizes, layers));
  return {
    actor,
    losses: ({ read, apply }) =>
      tf.mean(tf.square(tf.sub(apply(actor, read(batch.observations)), read(batch.intendedActions))), 1),
    policy: deterministicPolicy(actor, null),
  };
}

/** The normal distribution by which the actions in the data are most likely. */
function byLikelihood(sizes: Sizes, layers: HiddenLayers, leastLogStd: number): Fit {
  const actor = single('actor', boundedGaussian(sizes, layers, leastLogStd));
  return {
    actor,
    losses: ({ read, apply }) =>
      tf.neg(logDensity(apply(actor, read(batch.observations)), read(batch.intendedActions))),
    policy: clippedPolicy(actor, null),
  };
}
