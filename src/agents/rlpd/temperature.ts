import { adam } from '../../nn/adam.js';
import { lossAndGradients } from '../../nn/gradients.js';
import type { NamedShapes, NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import { temperatureLoss } from './losses.js';
import type { RlpdOptions } from './options.js';

/** The logarithm of the temperature, which is what is learnt, and its moments. */
export const TEMPERATURE_SHAPES: NamedShapes = {
  logTemperature: [],
  logTemperatureFirst: [],
  logTemperatureSecond: [],
};

/** The entropy that the temperature steers towards: by default half a nat less than zero per action entry. */
export function targetEntropy(options: RlpdOptions): number {
  return options.targetEntropy ?? -options.actionDim / 2;
}

/** One Adam step of the temperature, given the policy's entropy; outputs as in {@link TEMPERATURE_SHAPES}. */
export function temperatureStep(
  options: RlpdOptions,
  tensors: NamedTensors,
  entropy: tf.Tensor,
): NamedTensors {
  const parameters = { logTemperature: tensors['logTemperature'] };
  const { gradients } = lossAndGradients(parameters, ({ logTemperature }) => ({
    loss: temperatureLoss(tf.exp(logTemperature), entropy, targetEntropy(options)),
    extras: {},
  }));
  const moments = {
    firstMoments: { logTemperature: tensors['logTemperatureFirst'] },
    secondMoments: { logTemperature: tensors['logTemperatureSecond'] },
  };
  const { temperatureStepSize, temperatureEpsilon } = tensors;
  const next = adam({ parameters, ...moments }, gradients, temperatureStepSize, temperatureEpsilon);
  return {
    logTemperature: next.parameters['logTemperature'],
    logTemperatureFirst: next.firstMoments['logTemperature'],
    logTemperatureSecond: next.secondMoments['logTemperature'],
  };
}
