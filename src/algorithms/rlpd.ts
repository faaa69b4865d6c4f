import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, setting, train } from '../learner/declare.js';
import { meanOfAll, metric, sum } from '../learner/metrics.js';
import { normalSample } from '../nn/normal.js';
import { tf } from '../nn/tensorflow.js';
import { imitationLosses, meanSlope } from './parts/losses.js';
import {
  count,
  features,
  members,
  rate,
  share,
  softActorCriticOptions,
  targetEntropy,
  weight,
} from './parts/options.js';
import { softActorCritic } from './parts/soft_actor_critic.js';

/** The options of RLPD. Terms that the original algorithm does not have are neutral by default. */
const options = z
  .strictObject({
    ...softActorCriticOptions,
    actorFeatures: features().default([256, 256, 256]).describe("widths of the policy's hidden layers"),
    criticFeatures: features().default([256, 256, 256]).describe("widths of each critic's hidden layers"),
    criticLayerNorm: z
      .boolean()
      .default(true)
      .describe('layer norm in the critics, which keeps Q bounded on unseen actions (section 4.2)'),
    numMinQs: members().default(2).describe('target critics drawn for the minimum (REDQ, arXiv 2101.05982)'),
    backupEntropy: z.boolean().default(false).describe('entropy term in the target'),
    targetEntropy: targetEntropy()
      .default(null)
      .describe('entropy that the policy is held at; null: −actionDim / 2'),
    actorTau: share()
      .default(1)
      .describe(
        'share of the new policy in its moving average, which is what is evaluated and exported; 1: no average',
      ),
    cloneLearningRate: rate()
      .default(3e-4)
      .describe('learning rate of behaviour cloning, which has an optimiser of its own'),
    bcWeight: weight()
      .default(0)
      .describe(
        'weight of a cloning term on demonstration rows in the actor loss (DDPGfD-style, arXiv 1709.10089)',
      ),
    bcWeightEnd: weight()
      .nullable()
      .default(null)
      .describe('what bc_weight falls to, in a straight line over bc_decay_steps; null: it stays'),
    bcDecaySteps: count().default(10_000).describe('env steps over which bc_weight falls to bc_weight_end'),
  })
  .refine(({ numQs, numMinQs }) => numMinQs <= numQs, {
    path: ['numMinQs'],
    error: 'must not exceed the number of critics',
  });

export type RlpdOptions = z.output<typeof options>;

/**
 * Reinforcement Learning with Prior Data: SAC with an ensemble of layer-normalised critics, of which a few are drawn for
 * the target and all count for the actor, on batches of which half are demonstrations. Behaviour cloning is a phase of its own.
 */
export const rlpd: Algorithm<RlpdOptions> = {
  name: 'rlpd',
  paper: 'Ball et al. 2023, arXiv 2302.02948',
  options,
  declare,
};

/** The weight of the cloning term after so many env steps: strong while the critics still have much to learn. */
export function imitationWeight(
  {
    bcWeight: start,
    bcWeightEnd: end,
    bcDecaySteps,
  }: Pick<RlpdOptions, 'bcWeight' | 'bcWeightEnd' | 'bcDecaySteps'>,
  envSteps: number,
): number {
  return end === null ? start : start + (end - start) * Math.min(1, envSteps / bcDecaySteps);
}

function declare(o: RlpdOptions, sizes: Sizes): Declaration {
  const { actionDim, batchSize } = sizes;
  const bcWeight = setting('bcWeight', (envSteps) => imitationWeight(o, envSteps));
  const imitates = o.bcWeight > 0;
  const { declaration, actor, noise, actorStep } = softActorCritic(
    {
      ...o,
      nextSamples: 1,
      targetEntropy: o.targetEntropy ?? -actionDim / 2,
      criticLossDivisor: o.numQs,
      actorSlope: (_, gradients) => meanSlope(gradients),
      actorValue: meanOfAll,
      ...(imitates
        ? {
            actorTerm({ read }, actions) {
              const losses = imitationLosses(
                actions,
                read(batch.intendedActions),
                read(batch.imitationWeights),
              );
              return { term: tf.mul(tf.sum(losses), read(bcWeight)), imitationLosses: losses };
            },
          }
        : {}),
    },
    sizes,
  );

  const cloning = train(
    { name: 'cloning', network: actor, optimiser: adam('clone', o.cloneLearningRate) },
    ({ read, apply }) => {
      const policy = apply(actor, read(batch.observations));
      // Samples, not modes, so that exploration starts as narrow as the demonstrations allow.
      const samples = tf.tanh(normalSample(policy, read(noise)));
      const cloneLosses = imitationLosses(
        samples,
        read(batch.intendedActions),
        tf.scalar(1 / (batchSize * actionDim)),
      );
      return { loss: tf.sum(cloneLosses), cloneLosses };
    },
  );

  const { online } = declaration.phases;
  const bcLoss = metric('bc_loss', actorStep, (record) => sum(record.rows(actorStep.values.imitationLosses)));
  return {
    ...declaration,
    settings: imitates ? [bcWeight] : [],
    phases: {
      online: { ...online, metrics: imitates ? [...online.metrics, bcLoss] : online.metrics },
      clone: {
        steps: [cloning],
        metrics: [metric('bc_loss', cloning, (record) => sum(record.rows(cloning.values.cloneLosses)))],
      },
    },
  };
}
