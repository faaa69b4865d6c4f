import { z } from 'zod';
import type { Algorithm, Declaration, PhaseDeclaration, Sizes } from '../learner/algorithm.js';
import { adam, batch, dual, ensemble, single, train } from '../learner/declare.js';
import { densityRatio } from '../learner/density_ratio.js';
import { metric, sum } from '../learner/metrics.js';
import { actionValue } from '../learner/networks.js';
import { severalPolicies } from '../learner/several_policies.js';
import type { CallableNetwork } from '../learner/step.js';
import { tf } from '../nn/tensorflow.js';
import { conservativeOptions } from './cql.js';
import { conservativePairs } from './parts/conservative_pairs.js';
import { ratioLosses } from './parts/density_ratio.js';
import { mixedPairs } from './parts/mixed_pairs.js';
import { mixtureOf } from './parts/mixture.js';
import { count, features, rate, softActorCriticOptions, temperature } from './parts/options.js';
import { squashedPolicyOf } from './parts/policies.js';

const { numQs: _, actorUpdateFreq: __, backupEntropy: ___, ...softOptions } = softActorCriticOptions;

const options = z.strictObject({
  ...softOptions,
  ...conservativeOptions,
  numPairs: count()
    .max(50)
    .default(5)
    .describe('N: policies, each with two critics of its own, that learn apart offline and together online'),
  backupEntropy: z.boolean().default(true).describe('entropy term in the target of the phase online'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the policies in the phase online'),
  offlineActorLearningRate: rate()
    .default(1e-4)
    .describe('learning rate of the policies in the phase offline'),
  ratioFeatures: features()
    .default([256, 256])
    .describe('widths of the hidden layers of the network that tells experience from data'),
  ratioLearningRate: rate().default(3e-4).describe('learning rate of that network'),
  priorityTemperature: temperature()
    .default(5)
    .describe('T: transitions are drawn in proportion to w^(1/T), w by that network; large: all alike'),
  firstOnlineShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('share of experience in the batches when learning from it begins'),
});

export type BredOptions = z.output<typeof options>;

/**
 * Balanced replay and a pessimistic ensemble: CQL by several policies with critics of their own, which go on as one policy, their mixture, by
 * SAC, on transitions that are drawn the more often the more they are like experience. In a phase offline all members learn from the same
 * batches and differ by their fresh weights and their noise; the authors train each by itself.
 */
export const bred: Algorithm<BredOptions> = {
  name: 'bred',
  paper: 'Lee et al. 2021, arXiv 2107.00591',
  options,
  declare,
};

function declare(o: BredOptions, sizes: Sizes): Declaration {
  const actorLayers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm };
  const criticLayers = { features: o.criticFeatures, layerNorm: o.criticLayerNorm };
  const actor = single('actor', severalPolicies(sizes, actorLayers, o.logStdMin, o.numPairs));
  const target = { name: 'target', rate: o.tau };
  const critics = ensemble('critic', 2 * o.numPairs, actionValue(sizes, criticLayers), target);
  const ratio = single('ratio', densityRatio(sizes, o.ratioFeatures));
  const targetEntropy = o.targetEntropy ?? -sizes.actionDim;
  const offline = conservativePairs({ ...o, targetEntropy }, actor, critics, sizes);
  const temperature = dual('logTemperature', o.initialTemperature);
  const online = mixedPairs({ ...o, targetEntropy }, actor, critics, temperature, sizes);
  return {
    networks: [actor, critics, ratio],
    duals: [...offline.temperatures, temperature],
    phases: { balance: balancePhase(o, ratio, sizes), offline: offline.phase, online },
    balance: { ratio, temperature: o.priorityTemperature, firstOnlineShare: o.firstOnlineShare },
    policy: squashedPolicyOf(
      actor,
      ({ apply }, observations) => mixtureOf(apply(actor, observations)),
      // What is shown is that of one phase, and there are two.
      null,
    ),
  };
}

/** Updates of the ratio, in which half of each batch is data and half experience. */
function balancePhase(
  o: BredOptions,
  ratio: CallableNetwork<[observations: tf.Tensor, actions: tf.Tensor], tf.Tensor>,
  { batchSize }: Sizes,
): PhaseDeclaration {
  const step = train(
    { name: 'ratio', network: ratio, optimiser: adam('ratio', o.ratioLearningRate) },
    ({ read, apply }) => {
      const isData = tf.step(read(batch.imitationWeights));
      const isOnline = tf.sub(1, isData);
      const ratios = apply(ratio, read(batch.observations), read(batch.actions));
      // Of either kind there are half as many as rows, so that the sum of two means is this.
      const losses = tf.mul(ratioLosses(ratios, isOnline), 2 / batchSize);
      const parts = { dataRatio: tf.mul(ratios, isData), onlineRatio: tf.mul(ratios, isOnline) };
      return { loss: tf.sum(losses), ratioLosses: losses, ...parts };
    },
  );
  const { ratioLosses: losses, dataRatio, onlineRatio } = step.values;
  const half = batchSize / 2;
  return {
    steps: [step],
    metrics: [
      metric('ratio_loss', step, (record) => sum(record.rows(losses))),
      metric('ratio_of_data', step, (record) => sum(record.rows(dataRatio)) / half),
      metric('ratio_of_experience', step, (record) => sum(record.rows(onlineRatio)) / half),
    ],
  };
}
