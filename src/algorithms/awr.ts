import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, single, train } from '../learner/declare.js';
import { highest, mean, metric } from '../learner/metrics.js';
import { boundedGaussian, stateValue } from '../learner/networks.js';
import type { ValuedRows } from '../learner/refresh.js';
import { tf } from '../nn/tensorflow.js';
import { lambdaReturns, standardised } from './parts/lambda_returns.js';
import { advantageWeights, weightedCloningLosses } from './parts/losses.js';
import { count, features, logStdMin, rate, temperature, weight } from './parts/options.js';
import { clippedPolicy } from './parts/policies.js';

const options = z.strictObject({
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe("widths of the value's hidden layers"),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in the value'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: logStdMin().default(-5).describe("lower limit of the policy's log-std"),
  lambda: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe('λ of the returns: 0: one reward and the value after it; 1: all rewards of the episode'),
  temperature: temperature()
    .default(1)
    .describe(
      'β: actions count exp(advantage / β), of advantages that have a deviation of 1; large: cloning',
    ),
  maxWeight: weight().default(20).describe('the most that an action counts'),
  refreshSteps: count()
    .default(5000)
    .describe('updates after which returns and advantages are computed anew, by the value as it is then'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  valueLearningRate: rate().default(3e-4).describe('learning rate of the value'),
});

export type AwrOptions = z.output<typeof options>;

/**
 * Advantage-weighted regression: the value learns TD(λ) returns of whole episodes, and the policy clones actions, the more the
 * further their returns are above the value. Both are computed of all data at a time.
 */
export const awr: Algorithm<AwrOptions> = {
  name: 'awr',
  paper: 'Peng et al. 2019, arXiv 1910.00177',
  options,
  declare,
};

/** Advantages are standardised, as in the authors' code; the paper's own have the scale of rewards, and weights collapse. */
function declare(o: AwrOptions, sizes: Sizes): Declaration {
  const { batchSize } = sizes;
  const actorLayers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const valueLayers = { features: o.criticFeatures, layerNorm: o.criticLayerNorm };
  const actor = single('actor', boundedGaussian(sizes, actorLayers, o.logStdMin));
  const value = single('value', stateValue(sizes, valueLayers));
  const actorAdam = adam('actor', o.actorLearningRate);
  const valueAdam = adam('value', o.valueLearningRate);

  const columns = (buffers: readonly ValuedRows[]) => {
    const returns = buffers.map((rows) => lambdaReturns(rows, o.lambda));
    const advantages = standardised(
      returns.map((list, i) => list.map((number, row) => number - buffers[i].values[row])),
    );
    return returns.map((list, i) => ({
      lambdaReturns: Float32Array.from(list),
      advantages: advantages[i],
    }));
  };

  const valueStep = train({ name: 'value', network: value, optimiser: valueAdam }, ({ read, apply }) => {
    const values = apply(value, read(batch.observations));
    const valueLosses = tf.square(tf.sub(read(batch.lambdaReturns), values));
    return { loss: tf.div(tf.sum(valueLosses), batchSize), values, valueLosses };
  });

  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam }, ({ read, apply }) => {
    const weights = advantageWeights(read(batch.advantages), 1 / o.temperature, o.maxWeight);
    const policy = apply(actor, read(batch.observations));
    const actorLosses = weightedCloningLosses(policy, read(batch.actions), weights);
    return { loss: tf.div(tf.sum(actorLosses), batchSize), actorLosses, weights };
  });

  return {
    networks: [actor, value],
    refresh: { every: o.refreshSteps, value, columns },
    phases: {
      online: {
        steps: [valueStep, actorStep],
        metrics: [
          metric('value', valueStep, (record) => mean(record.rows(valueStep.values.values))),
          metric('value_loss', valueStep, (record) => mean(record.rows(valueStep.values.valueLosses))),
          metric('actor_loss', actorStep, (record) => mean(record.rows(actorStep.values.actorLosses))),
          metric('weight', actorStep, (record) => mean(record.rows(actorStep.values.weights))),
          metric('weight_max', actorStep, (record) => highest(record.rows(actorStep.values.weights))),
        ],
      },
    },
    policy: clippedPolicy(actor, null),
  };
}
