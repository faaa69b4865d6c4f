import { z } from 'zod';
import type { Algorithm } from '../learner/algorithm.js';
import { actionValue, deterministicAction, nearZero } from '../learner/networks.js';
import { lowestOf, lowestSlope } from './parts/losses.js';
import { features, rate, twinDelayedOptions, weight } from './parts/options.js';
import { twinDelayed } from './parts/twin_delayed.js';

const options = z.strictObject({
  ...twinDelayedOptions,
  actorFeatures: features().default([256, 256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256, 256]).describe("widths of each critic's hidden layers"),
  criticLayerNorm: z
    .boolean()
    .default(true)
    .describe('layer norm in the critics, behind the ReLU as in the authors’ code'),
  actorLearningRate: rate().default(1e-3).describe('learning rate of the actor'),
  criticLearningRate: rate().default(1e-3).describe('learning rate of the critics'),
  actorBcWeight: weight()
    .default(0.01)
    .describe("β₁: weight of the squared distance to the data's actions in the actor's loss"),
  criticBcWeight: weight()
    .default(0.01)
    .describe(
      "β₂: weight of the squared distance to the data's next actions that next values are lowered by",
    ),
});

export type RebracOptions = z.output<typeof options>;

/**
 * TD3+BC with the distance to the data in the critics' target too, layer-normalised critics and deeper networks. As in the
 * authors' code, the actor ascends the lowest critic, and its target follows it from before its step.
 */
export const rebrac: Algorithm<RebracOptions> = {
  name: 'rebrac',
  paper: 'Tarasov et al. 2023, arXiv 2305.09836',
  options,
  declare(o, sizes) {
    const layers = { normAfterRelu: true };
    const actorLayers = { features: o.actorFeatures, layerNorm: o.actorLayerNorm, fresh: nearZero(1e-3) };
    const criticLayers = { features: o.criticFeatures, layerNorm: o.criticLayerNorm, fresh: nearZero(3e-3) };
    return twinDelayed(
      {
        ...o,
        actor: deterministicAction(sizes, { ...layers, ...actorLayers }),
        critic: actionValue(sizes, { ...layers, ...criticLayers }),
        ascended: lowestOf,
        slope: lowestSlope,
        valueWeight: 1,
        imitationWeight: o.actorBcWeight,
        targetPenalty: o.criticBcWeight,
        targetFirst: true,
      },
      sizes,
    );
  },
};
