import { adam } from '../../nn/adam.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';

/**
 * What an optimiser changes, as a stage's inputs and outputs: the parameters `group/…` and its own moments
 * `optimiserFirst/…` and `optimiserSecond/…`.
 */
export function optimisedShapes(group: string, optimiser: string, shapes: NamedShapes): NamedShapes {
  return {
    ...asGroup(group, shapes),
    ...asGroup(`${optimiser}First`, shapes),
    ...asGroup(`${optimiser}Second`, shapes),
  };
}

/** The scalars of an optimiser's step, as a stage's inputs. */
export function optimiserScalars(optimiser: string): NamedShapes {
  return { [`${optimiser}StepSize`]: [], [`${optimiser}Epsilon`]: [] };
}

/** One Adam step of `group`: its new parameters, and all that the step changes as a stage's outputs. */
export function optimise(
  tensors: NamedTensors,
  group: string,
  optimiser: string,
  gradients: NamedTensors,
): { parameters: NamedTensors; outputs: NamedTensors } {
  const state = {
    parameters: takeGroup(tensors, group),
    firstMoments: takeGroup(tensors, `${optimiser}First`),
    secondMoments: takeGroup(tensors, `${optimiser}Second`),
  };
  const next = adam(state, gradients, tensors[`${optimiser}StepSize`], tensors[`${optimiser}Epsilon`]);
  const outputs = {
    ...asGroup(group, next.parameters),
    ...asGroup(`${optimiser}First`, next.firstMoments),
    ...asGroup(`${optimiser}Second`, next.secondMoments),
  };
  return { parameters: next.parameters, outputs };
}
