import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, compute, ensemble, single, train } from '../learner/declare.js';
import { mean, metric } from '../learner/metrics.js';
import { actionValue, boundedGaussian, stateValue } from '../learner/networks.js';
import type { Scope } from '../learner/step.js';
import { tf } from '../nn/tensorflow.js';
import { criticMetrics } from './parts/critic_metrics.js';
import {
  advantageWeights,
  bellmanTarget,
  criticLoss,
  expectileLosses,
  lowestOf,
  weightedCloningLosses,
} from './parts/losses.js';
import { decay, features, logStdMin, members, rate, share, weight } from './parts/options.js';
import { clippedPolicy } from './parts/policies.js';

const options = z.strictObject({
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe('widths of the hidden layers of critics and value'),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in critics and value'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: logStdMin().default(-5).describe("lower limit of the policy's log-std"),
  numQs: members().default(2).describe('critics, of which the lowest counts'),
  tau: share().default(0.005).describe('step of the target critics towards the critics'),
  expectile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.7)
    .describe('κ: how near V comes to the best action in the data; 0.5: the mean'),
  inverseTemperature: weight()
    .default(3)
    .describe('β: how much more the actions count that are better than V; 0: cloning'),
  maxWeight: weight().default(100).describe('the most that an action counts'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
  valueLearningRate: rate().default(3e-4).describe('learning rate of the value'),
  actorDecay: decay()
    .default('cosine')
    .describe("curve along which the actor's learning rate falls to 0 in the phase offline; null: it stays"),
});

export type IqlOptions = z.output<typeof options>;

/** Implicit Q-learning: values of the best actions in the data, by expectiles; critics never see any other action. */
export const iql: Algorithm<IqlOptions> = {
  name: 'iql',
  paper: 'Kostrikov et al. 2021, arXiv 2110.06169',
  options,
  declare,
};

/** Value, then the actor with the new value, then the critics with the new value, as in the authors' code. */
function declare(o: IqlOptions, sizes: Sizes): Declaration {
  const valueLayers = { features: o.criticFeatures, layerNorm: o.criticLayerNorm };
  const actor = single(
    'actor',
    boundedGaussian(sizes, { features: o.actorFeatures, layerNorm: o.actorLayerNorm }, o.logStdMin),
  );
  const average = { name: 'target', rate: o.tau };
  const critics = ensemble('critic', o.numQs, actionValue(sizes, valueLayers), average);
  const value = single('value', stateValue(sizes, valueLayers));
  const valueAdam = adam('value', o.valueLearningRate);
  const actorAdam = adam('actor', o.actorLearningRate, { decay: o.actorDecay });
  const criticAdam = adam('critic', o.criticLearningRate);

  const data = compute({ name: 'values of the data', over: critics }, ({ read, applyAverage }) => ({
    dataQ: applyAverage(critics, read(batch.observations), read(batch.actions)),
  }));

  const advantageIn = ({ read, members, apply }: Scope) =>
    tf.sub(lowestOf(members(data.values.dataQ)), apply(value, read(batch.observations)));

  // Equation 5.
  const valueStep = train({ name: 'value', network: value, optimiser: valueAdam }, (scope) => {
    const valueLosses = expectileLosses(advantageIn(scope), o.expectile);
    return { loss: tf.div(tf.sum(valueLosses), sizes.batchSize), valueLosses };
  });

  // Equation 7.
  const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam }, (scope) => {
    const { read, apply } = scope;
    const advantage = advantageIn(scope);
    const weights = advantageWeights(advantage, o.inverseTemperature, o.maxWeight);
    const actorLosses = weightedCloningLosses(
      apply(actor, read(batch.observations)),
      read(batch.actions),
      weights,
    );
    return { loss: tf.div(tf.sum(actorLosses), sizes.batchSize), actorLosses, advantage };
  });

  const next = compute({ name: 'next values', over: 'rows' }, ({ read, apply }) => ({
    nextV: apply(value, read(batch.nextObservations)),
  }));

  // Equation 6.
  const criticStep = train({ name: 'critic', network: critics, optimiser: criticAdam }, ({ read, apply }) => {
    const targetQ = bellmanTarget(read(batch.rewards), read(batch.discounts), [read(next.values.nextV)]);
    const criticQ = apply(critics, read(batch.observations), read(batch.actions));
    return { loss: criticLoss(criticQ, targetQ, 1), criticQ, targetQ };
  });

  return {
    networks: [actor, critics, value],
    phases: {
      online: {
        steps: [data, valueStep, actorStep, next, criticStep],
        metrics: [
          ...criticMetrics(criticStep, criticAdam),
          metric('value_loss', valueStep, (record) => mean(record.rows(valueStep.values.valueLosses))),
          metric('actor_loss', actorStep, (record) => mean(record.rows(actorStep.values.actorLosses))),
          metric('advantage', actorStep, (record) => mean(record.rows(actorStep.values.advantage))),
        ],
      },
    },
    policy: clippedPolicy(actor, null),
  };
}
