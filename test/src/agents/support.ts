import { randomBatches as batchesOfSizes } from '../../../scripts/bench/learner_case.js';
import type { RlpdOptions } from '../../../src/agents/rlpd/options.js';
import type { RlpdAgent } from '../../../src/agents/rlpd.js';
import { createRlpdAgent } from '../../../src/agents/rlpd.js';
import type { TransitionBatches } from '../../../src/data/transitions.js';

/** Sizes of a learner that is quick even when it is run operation by operation. */
export const SMALL = {
  observationDim: 6,
  actionDim: 3,
  batchSize: 8,
  actorFeatures: [16, 12],
  criticFeatures: [16, 12],
  seed: 1,
};

export function smallAgent(options: Partial<RlpdOptions> = {}): Promise<RlpdAgent> {
  return createRlpdAgent({ ...SMALL, threads: 1, ...options });
}

type Sizes = Pick<RlpdOptions, 'observationDim' | 'actionDim' | 'batchSize'>;

/** `count` batches of random transitions, half of them demonstrations. */
export function randomBatches(count: number, seed = 1, sizes: Sizes = SMALL): TransitionBatches {
  return batchesOfSizes(count, seed, sizes);
}

/** The largest difference of any number in two states of like agents, and the tensor it is in. */
export async function stateDifference(
  a: RlpdAgent,
  b: RlpdAgent,
): Promise<{ difference: number; name: string }> {
  const [left, right] = [(await a.getState()).tensors, (await b.getState()).tensors];
  let worst = { difference: 0, name: 'none' };
  for (const [name, { data }] of Object.entries(left)) {
    data.forEach((value, i) => {
      // Relative for large numbers (moments), absolute for small ones.
      const difference = Math.abs(value - right[name].data[i]) / Math.max(1, Math.abs(value));
      if (!(difference <= worst.difference)) worst = { difference, name };
    });
  }
  return worst;
}
