import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, compute, single, train } from '../learner/declare.js';
import { highest, mean, metric } from '../learner/metrics.js';
import { smoothGaussian } from '../learner/networks.js';
import { tf } from '../nn/tensorflow.js';
import { softmaxWeights, weightedCloningLosses } from './parts/losses.js';
import { features, logStdMin, members, rate, share, temperature, weight } from './parts/options.js';
import { clippedPolicy } from './parts/policies.js';
import { sampledAdvantages } from './parts/sampled_advantages.js';

/** The upper limit of the policy's log-std: no wider than the range of actions. */
const LOG_STD_MAX = 0;

const options = z.strictObject({
  actorFeatures: features().default([256, 256, 256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe("widths of each critic's hidden layers"),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in the critics'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: logStdMin(LOG_STD_MAX).default(-6).describe("lower limit of the policy's log-std"),
  numQs: members().default(2).describe('critics, of which the lowest counts'),
  tau: share().default(0.005).describe('step of the target critics towards the critics'),
  temperature: temperature()
    .default(1)
    .describe(
      'λ: actions count by the softmax over the batch of their advantages divided by it; large: cloning',
    ),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
  actorWeightDecay: weight()
    .default(1e-4)
    .describe("weight decay of the actor: how much of its weights is added to the loss's gradient"),
});

export type AwacOptions = z.output<typeof options>;

/**
 * Advantage-weighted actor-critic: the policy clones the data's actions, the more the better the critics find them in comparison
 * with its own. It goes on online as it began offline.
 */
export const awac: Algorithm<AwacOptions> = {
  name: 'awac',
  paper: 'Nair et al. 2020, arXiv 2006.09359',
  options,
  declare,
};

function declare(o: AwacOptions, sizes: Sizes): Declaration {
  const layers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const actor = single('actor', smoothGaussian(sizes, layers, o.logStdMin, LOG_STD_MAX));
  const actorAdam = adam('actor', o.actorLearningRate, { weightDecay: o.actorWeightDecay });
  const criticAdam = adam('critic', o.criticLearningRate);

  const { critics, steps, metrics, advantageIn, sampled } = sampledAdvantages(
    {
      ...o,
      layers: { features: o.criticFeatures, layerNorm: o.criticLayerNorm },
      numSamples: 1,
      stateValue: (values) => tf.reshape(values, [-1]),
    },
    actor,
    criticAdam,
    sizes,
  );

  const weightStep = compute({ name: 'weights', over: 'batch' }, (scope) => {
    const advantage = advantageIn(scope);
    return { advantage, weights: softmaxWeights(advantage, o.temperature) };
  });

  // Equation 13.
  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam }, ({ read, apply }) => {
    const policy = apply(actor, read(batch.observations));
    const actorLosses = weightedCloningLosses(policy, read(batch.actions), read(weightStep.values.weights));
    return { loss: tf.div(tf.sum(actorLosses), sizes.batchSize), actorLosses };
  });

  return {
    networks: [actor, critics],
    phases: {
      online: {
        steps: [...steps, weightStep, actorStep],
        metrics: [
          ...metrics,
          metric('actor_loss', actorStep, (record) => mean(record.rows(actorStep.values.actorLosses))),
          metric('advantage', weightStep, (record) => mean(record.rows(weightStep.values.advantage))),
          metric('weight_max', weightStep, (record) => highest(record.rows(weightStep.values.weights))),
        ],
      },
    },
    policy: clippedPolicy(actor, sampled),
  };
}
