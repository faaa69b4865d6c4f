import type { SharedArrays } from '../../compile/shared_arrays.js';
import { type AdamScalars, adamScalar } from '../../nn/adam.js';
import type { NamedShapes } from '../../nn/parameters.js';
import type { RlpdOptions } from './options.js';

/** The logarithm of the temperature, which is what is learnt, and its moments. */
export const TEMPERATURE_SHAPES: NamedShapes = {
  logTemperature: [],
  logTemperatureFirst: [],
  logTemperatureSecond: [],
};

/** The entropy that the temperature steers towards: by default half a nat less than zero per action entry. */
export function targetEntropy({ targetEntropy, actionDim }: RlpdOptions): number {
  return targetEntropy ?? -actionDim / 2;
}

/** α·(H − target entropy); its gradient raises α while the entropy H is below the target. */
export function temperatureLoss(temperature: number, entropy: number, target: number): number {
  return temperature * (entropy - target);
}

/** One Adam step of log α, which lies among the shared arrays, on the temperature's loss. */
export function stepTemperature(
  shared: SharedArrays,
  entropy: number,
  target: number,
  scalars: AdamScalars,
): void {
  const [logTemperature, first, second] = Object.keys(TEMPERATURE_SHAPES).map((name) => shared.get(name));
  // The loss is a multiple of α = exp(log α), so it is its own derivative with respect to log α.
  const gradient = temperatureLoss(Math.exp(logTemperature[0]), entropy, target);
  const step = adamScalar({ first: first[0], second: second[0] }, gradient, scalars);
  logTemperature[0] -= step.change;
  first[0] = step.first;
  second[0] = step.second;
}
