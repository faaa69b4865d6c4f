import { asGroup, type NamedShapes, type NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import type { DeclaredNetwork } from '../step.js';
import type { Engine } from './engine.js';
import type { Place } from './program.js';

/** The inputs of a stage by which a single network is used outside training: its weights, and the normalisation. */
export function networkInputs({ name, layout }: DeclaredNetwork, seenDim: number): NamedShapes {
  return {
    ...asGroup(name, layout.shapes),
    observationMean: [seenDim],
    observationScale: [seenDim],
  };
}

/** The places of such inputs on the calling thread. `nameOf` gives the arrays that are used as weights. */
export function networkPlaces(
  { shared }: Pick<Engine, 'shared'>,
  inputs: NamedShapes,
  nameOf: (input: string) => string,
): Record<string, Place> {
  const places = Object.entries(inputs).map(([input, shape]): [string, Place] => [
    input,
    shared.find(input)
      ? { in: 'shared', name: input, start: 0, size: shape[0] }
      : { in: 'own', name: nameOf(input) },
  ]);
  return Object.fromEntries(places);
}

/** (seen − mean) ∘ scale; the identity unless set otherwise. */
export function normalised(tensors: NamedTensors, seen: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(seen, tensors['observationMean']), tensors['observationScale']);
}
