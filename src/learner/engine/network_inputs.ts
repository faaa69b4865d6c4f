import { asGroup, type NamedShapes, type NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import type { PolicyScope } from '../algorithm.js';
import type { DeclaredNetwork } from '../step.js';
import type { Engine } from './engine.js';
import { memberName } from './memory.js';
import type { Place } from './program.js';

/** The name of a network's weights outside training, where an ensemble stands for its first member: `actor`, `critic0`. */
export function usedGroup(network: DeclaredNetwork): string {
  return memberName(network.name, network, 0);
}

/** The inputs of a stage by which networks are used outside training: their weights, and the normalisation. */
export function networkInputs(networks: readonly DeclaredNetwork[], seenDim: number): NamedShapes {
  const weights = networks.map((network) => asGroup(usedGroup(network), network.layout.shapes));
  return {
    ...Object.assign({}, ...weights),
    observationMean: [seenDim],
    observationScale: [seenDim],
  };
}

/** The stored weights of one of the networks among a stage's inputs: those of a member, if it is an ensemble. */
export function weightsIn(tensors: NamedTensors, network: DeclaredNetwork, member = 0): NamedTensors {
  const group = memberName(network.name, network, member);
  const arrays = Object.keys(network.layout.shapes);
  return Object.fromEntries(arrays.map((array) => [array, tensors[`${group}/${array}`]]));
}

/** The networks that a policy sees, with the weights among a stage's inputs. */
export function policyScope(networks: readonly DeclaredNetwork[], tensors: NamedTensors): PolicyScope {
  return {
    apply(network, ...inputs) {
      if (networks.includes(network)) return network.apply(weightsIn(tensors, network), ...inputs);
      const seen = networks.map(({ name }) => `"${name}"`).join(', ');
      throw new Error(`the policy applies "${network.name}", but sees no network except ${seen}`);
    },
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
