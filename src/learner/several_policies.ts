import { orthogonal, sideBySide } from '../nn/initialisers.js';
import { dense, mlp } from '../nn/mlp.js';
import type { Normal } from '../nn/normal.js';
import { asGroup, inGroup } from '../nn/parameters.js';
import { tanhNormal } from '../nn/tanh_normal.js';
import type { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import {
  type HiddenLayers,
  hiddenForm,
  lastWidth,
  network,
  shapeOf,
  squashedGaussian,
  tableOf,
} from './networks.js';
import type { NetworkFunction } from './step.js';

/** Observations [batch, observationDim] → several normal distributions of actions, before squashing. */
export type SeveralPolicies = NetworkFunction<[observations: tf.Tensor], Normal[]>;

/**
 * `count` policies as of `squashedGaussian` side by side, with nothing in common but the observation, as a single network that any step
 * over rows can apply. A single policy has the parameters of a `squashedGaussian`.
 */
export function severalPolicies(
  sizes: Sizes,
  layers: HiddenLayers,
  logStdMin: number,
  count: number,
): SeveralPolicies {
  const { observationDim, actionDim } = sizes;
  if (count === 1) {
    const one = squashedGaussian(sizes, layers, logStdMin);
    return { ...one, apply: (stored, observations) => [one.apply(stored, observations)] };
  }
  const shape = shapeOf(observationDim, layers);
  const half = orthogonal(lastWidth(layers), actionDim, 1);
  const own = tableOf(shape, layers, 'head', sideBySide([half, half]));
  const groups = Array.from({ length: count }, (_, k) => `policy${k}`);
  const table = Object.assign({}, ...groups.map((group) => asGroup(group, own)));
  const form = { gives: 'set of policies', hidden: hiddenForm(layers) };
  return network(table, form, (parameters, observations: tf.Tensor) =>
    groups.map((group) => {
      const one = inGroup(group, parameters);
      return tanhNormal(dense(one, 'head', mlp(one, shape, observations)), logStdMin);
    }),
  );
}
