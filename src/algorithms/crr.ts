import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, single, train } from '../learner/declare.js';
import { mean, metric } from '../learner/metrics.js';
import { boundedMeanGaussian } from '../learner/networks.js';
import { tf } from '../nn/tensorflow.js';
import { advantageWeights, binaryWeights, weightedCloningLosses } from './parts/losses.js';
import { count, features, logStdMin, members, rate, share, temperature, weight } from './parts/options.js';
import { clippedPolicy } from './parts/policies.js';
import { sampledAdvantages } from './parts/sampled_advantages.js';

const options = z.strictObject({
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe("widths of each critic's hidden layers"),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in the critics'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: logStdMin().default(-5).describe("lower limit of the policy's log-std"),
  numQs: members().default(2).describe('critics, of which the lowest counts'),
  tau: share()
    .default(0.005)
    .describe('step of the target critics towards the critics, and of the target policy towards the policy'),
  numSamples: count()
    .max(100)
    .default(4)
    .describe('m: actions of the policy that an action in the data is compared with'),
  baseline: z
    .enum(['mean', 'max'])
    .default('mean')
    .describe('what the advantage is taken over: the mean value of those actions, or that of the best'),
  weights: z
    .enum(['binary', 'exp'])
    .default('binary')
    .describe('how actions count: 1 if their advantage is positive, else 0; or exp(advantage / temperature)'),
  temperature: temperature().default(1).describe('β of exp'),
  maxWeight: weight().default(20).describe('the most that an action counts by exp'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
});

export type CrrOptions = z.output<typeof options>;

/** Critic-regularized regression: the policy clones those of the data's actions that the critics find better than its own. */
export const crr: Algorithm<CrrOptions> = {
  name: 'crr',
  paper: 'Wang et al. 2020, arXiv 2006.15134',
  options,
  declare,
};

/** Critics by squared errors, as in Acme and d3rlpy; the paper's give distributions of returns. */
function declare(o: CrrOptions, sizes: Sizes): Declaration {
  const layers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const target = { name: 'targetActor', rate: o.tau };
  const actor = single('actor', boundedMeanGaussian(sizes, layers, o.logStdMin), target);
  const actorAdam = adam('actor', o.actorLearningRate);
  const criticAdam = adam('critic', o.criticLearningRate);

  const { critics, steps, metrics, advantageIn } = sampledAdvantages(
    {
      ...o,
      layers: { features: o.criticFeatures, layerNorm: o.criticLayerNorm },
      stateValue: (values) => (o.baseline === 'mean' ? tf.mean(values, 1) : tf.max(values, 1)),
    },
    actor,
    criticAdam,
    sizes,
  );

  // With the weights of equation 3 or 4.
  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam }, (scope) => {
    const { read, apply } = scope;
    const advantage = advantageIn(scope);
    const weights =
      o.weights === 'binary'
        ? binaryWeights(advantage)
        : advantageWeights(advantage, 1 / o.temperature, o.maxWeight);
    const policy = apply(actor, read(batch.observations));
    const actorLosses = weightedCloningLosses(policy, read(batch.actions), weights);
    return { loss: tf.div(tf.sum(actorLosses), sizes.batchSize), actorLosses, advantage, weights };
  });

  const meanOf = (name: string, value: keyof typeof actorStep.values) =>
    metric(name, actorStep, (record) => mean(record.rows(actorStep.values[value])));
  return {
    networks: [actor, critics],
    phases: {
      online: {
        steps: [...steps, actorStep],
        metrics: [
          ...metrics,
          meanOf('actor_loss', 'actorLosses'),
          meanOf('advantage', 'advantage'),
          meanOf('weight', 'weights'),
        ],
      },
    },
    policy: clippedPolicy(actor, null),
  };
}
