import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from '../learner/algorithm.js';
import { withDefaults } from '../learner/extend.js';
import { dynamicsModel, dynamicsOptions, ELITES_EXIST, inModel } from './parts/dynamics.js';
import { softActorCriticOptions, weight } from './parts/options.js';
import { softActorCritic } from './parts/soft_actor_critic.js';
import { sacChoices } from './sac.js';

const options = z
  .strictObject({
    ...softActorCriticOptions,
    ...dynamicsOptions,
    penaltyWeight: weight()
      .default(2.5)
      .describe("λ: how much the model's doubt about a step takes from its reward; 0: nothing"),
  })
  .refine(({ numElites, numModels }) => numElites <= numModels, ELITES_EXIST);

export type MopoOptions = z.output<typeof options>;

/**
 * Model-based offline policy optimisation: SAC on short rollouts in a model that was learnt from the data, with rewards that are lower
 * where the model doubts itself.
 */
export const mopo: Algorithm<MopoOptions> = {
  name: 'mopo',
  paper: 'Yu et al. 2020, arXiv 2005.13239',
  options: withDefaults(options, { actorLearningRate: 1e-4 }),
  declare,
};

function declare(o: MopoOptions, sizes: Sizes): Declaration {
  const { declaration } = softActorCritic(sacChoices(o, sizes), sizes);
  return inModel(declaration, dynamicsModel(o, o.penaltyWeight, sizes));
}
