import { z } from 'zod';
import type { Algorithm, Sizes } from '../learner/algorithm.js';
import { meanOfLowest } from '../learner/metrics.js';
import { lowestSlope } from './parts/losses.js';
import { softActorCriticOptions } from './parts/options.js';
import { type Choices, softActorCritic } from './parts/soft_actor_critic.js';

const options = z.strictObject(softActorCriticOptions);

export type SacOptions = z.output<typeof options>;

/** Soft actor-critic: the lowest of all critics, in the target and in the actor's loss, and the entropy in both. */
export const sac: Algorithm<SacOptions> = {
  name: 'sac',
  paper: 'Haarnoja et al. 2018, arXiv 1812.05905',
  options,
  declare: (o, sizes) => softActorCritic(sacChoices(o, sizes), sizes).declaration,
};

/** The choices of SAC, and of algorithms that are SAC with further terms in its losses. */
export function sacChoices(o: SacOptions, { actionDim }: Pick<Sizes, 'actionDim'>): Choices {
  return {
    ...o,
    numMinQs: o.numQs,
    nextSamples: 1,
    targetEntropy: o.targetEntropy ?? -actionDim,
    actorTau: 1,
    criticLossDivisor: 1,
    actorSlope: lowestSlope,
    actorValue: meanOfLowest,
  };
}
