import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { batch } from '../learner/declare.js';
import { withDefaults } from '../learner/extend.js';
import { conservative, conservativeOptions, cql } from './cql.js';
import { rolloutGaps } from './parts/conservative_penalty.js';
import { dynamicsModel, dynamicsOptions, ELITES_EXIST, inModel } from './parts/dynamics.js';
import { softActorCriticOptions } from './parts/options.js';

const options = z
  .strictObject({
    ...softActorCriticOptions,
    ...conservativeOptions,
    ...dynamicsOptions,
    realShare: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe("share of the data in batches; the rest are rollouts', whose values are pushed down"),
  })
  .refine(({ numElites, numModels }) => numElites <= numModels, ELITES_EXIST);

export type ComboOptions = z.output<typeof options>;

/**
 * Conservative offline model-based policy optimisation: SAC on data and on rollouts in a model that was learnt from them, whose
 * critics value low what the policy does in observations of rollouts, and high what was done in the data.
 */
export const combo: Algorithm<ComboOptions> = {
  name: 'combo',
  paper: 'Yu et al. 2021, arXiv 2102.08363',
  options: withDefaults(options, {
    actorFeatures: [256, 256, 256],
    criticFeatures: [256, 256, 256],
    backupEntropy: false,
    actorLearningRate: 1e-4,
    temperatureLearningRate: 1e-4,
  }),
  declare,
};

/** Rewards of rollouts are as the model expects them: the penalty on values stands in for one on rewards. */
function declare(o: ComboOptions, sizes: Sizes): Declaration {
  const plain = cql.options.parse({});
  const { declaration } = conservative({ ...plain, ...o }, sizes, ({ read }, candidates, criticQ) => ({
    gap: rolloutGaps(candidates, criticQ, o.conservativeTemperature, read(batch.imitationWeights)),
  }));
  return inModel(declaration, dynamicsModel(o, 0, sizes));
}
