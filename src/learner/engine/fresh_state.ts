import type { SharedArrays } from '../../compile/shared_arrays.js';
import { initialiseParameters } from '../../nn/packing.js';
import { asGroup } from '../../nn/parameters.js';
import type { RandomStream } from '../../rng.js';
import type { Declaration } from '../algorithm.js';
import { memberName } from './memory.js';

/** Writes fresh weights into zeroed arrays of the threads' own state; averages are equal to them. */
export function drawWeights({ networks }: Declaration, own: SharedArrays, stream: RandomStream): void {
  for (const network of networks) {
    for (let k = 0; k < network.members; k++) {
      const weights = initialiseParameters(network.table, network.layout, stream);
      const groups = network.average ? [network.name, network.average.name] : [network.name];
      for (const group of groups) {
        const named = asGroup(memberName(group, network, k), weights);
        for (const [name, values] of Object.entries(named)) own.write(name, values);
      }
    }
  }
}

/** Writes the first values of the arrays that all threads share: dual variables, settings, no normalisation. */
export function initialiseShared({ duals = [], settings = [] }: Declaration, shared: SharedArrays): void {
  for (const { name, initial } of duals) shared.get(name)[0] = Math.log(initial);
  for (const { name, at } of settings) shared.get(name)[0] = at(0);
  shared.get('observationScale').fill(1);
}
