import { z } from 'zod';
import type { Algorithm } from '../learner/algorithm.js';
import { actionValue, deterministicAction } from '../learner/networks.js';
import { twinDelayedOptions, weight } from './parts/options.js';
import { twinDelayed } from './parts/twin_delayed.js';

const options = z.strictObject({
  ...twinDelayedOptions,
  alpha: weight()
    .default(2.5)
    .describe("α: how much more the critics' values count than the distance to the data; 0: cloning"),
});

export type Td3BcOptions = z.output<typeof options>;

/** TD3 with a cloning term: the actor ascends the first critic, whose values are scaled to a mean size of α. */
export const td3Bc: Algorithm<Td3BcOptions> = {
  name: 'td3_bc',
  paper: 'Fujimoto and Gu 2021, arXiv 2106.06860',
  options,
  declare: (o, sizes) =>
    twinDelayed(
      {
        ...o,
        actor: deterministicAction(sizes, { features: o.actorFeatures, layerNorm: o.actorLayerNorm }),
        critic: actionValue(sizes, { features: o.criticFeatures, layerNorm: o.criticLayerNorm }),
        ascended: ([first]) => first,
        slope: (_, [first]) => first,
        valueWeight: o.alpha,
        // A mean over the action's entries, as in the authors' code.
        imitationWeight: 1 / sizes.actionDim,
        targetPenalty: 0,
        targetFirst: false,
      },
      sizes,
    ),
};
