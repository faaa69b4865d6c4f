import { z } from 'zod';
import { features, rate } from '../../../src/algorithms/parts/options.js';
import { clippedPolicy } from '../../../src/algorithms/parts/policies.js';
import type { Algorithm } from '../../../src/learner/algorithm.js';
import { adam, batch, single, train } from '../../../src/learner/declare.js';
import { mean, metric } from '../../../src/learner/metrics.js';
import { boundedGaussian } from '../../../src/learner/networks.js';
import { logDensity } from '../../../src/nn/normal.js';
import { tf } from '../../../src/nn/tensorflow.js';

const options = z.strictObject({
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
});

/** Behaviour cloning: the policy by which the actions in the data are most likely. */
export const cloning: Algorithm<z.output<typeof options>> = {
  name: 'cloning',
  paper: 'Pomerleau 1991, doi 10.1162/neco.1991.3.1.88',
  options,
  declare(o, sizes) {
    const layers = { features: o.actorFeatures, layerNorm: false };
    const actor = single('actor', boundedGaussian(sizes, layers, -5));
    const actorAdam = adam('actor', o.actorLearningRate);

    const actorStep = train({ name: 'actor', network: actor, optimiser: actorAdam }, ({ read, apply }) => {
      const policy = apply(actor, read(batch.observations));
      const losses = tf.neg(logDensity(policy, read(batch.actions)));
      return { loss: tf.div(tf.sum(losses), sizes.batchSize), losses };
    });

    const loss = metric('bc_loss', actorStep, (record) => mean(record.rows(actorStep.values.losses)));
    return {
      networks: [actor],
      phases: { offline: { steps: [actorStep], metrics: [loss] } },
      policy: clippedPolicy(actor, null),
    };
  },
};
