import type { NamedShapes } from '../../nn/parameters.js';
import type { RlpdOptions } from './options.js';

/** Shapes of a stage's arrays for so many rows of a batch. */
export function rowShapes({ observationDim, actionDim }: RlpdOptions, rows: number) {
  return {
    observations: [rows, observationDim],
    actions: [rows, actionDim],
    perRow: [rows],
  };
}

/** The shape of a single number. */
export const SCALAR: readonly number[] = [];

/**
 * Into how many equal parts the rows of a batch are cut where the policy is concerned: the critics are spread over
 * threads one by one, but there is only one policy. It must not depend on the number of threads, or results would.
 */
export function policyParts({ batchSize }: Pick<RlpdOptions, 'batchSize'>): 1 | 2 {
  return batchSize % 2 === 0 ? 2 : 1;
}

/** One input of this shape for each critic: `name0`, `name1`, … */
export function perCritic(numQs: number, name: string, shape: readonly number[]): NamedShapes {
  return Object.fromEntries(Array.from({ length: numQs }, (_, k) => [`${name}${k}`, shape]));
}
