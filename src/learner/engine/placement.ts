import type { Sizes } from '../algorithm.js';
import type { DeclaredNetwork, Step } from '../step.js';

/**
 * The number of equal parts that the rows of a batch are cut into where a single network is concerned: an ensemble's
 * members are spread over threads one by one, but there is only one policy. It must not depend on the number of threads,
 * or results would.
 */
export function partsOf({ batchSize }: Pick<Sizes, 'batchSize'>): 1 | 2 {
  return batchSize % 2 === 0 ? 2 : 1;
}

/** The number of lanes of a step, which are computed apart from each other: parts of the rows, or members. */
export function lanesOf({ over }: Pick<Step, 'over'>, sizes: Sizes): number {
  return over === 'rows' ? partsOf(sizes) : membersOf({ over });
}

/** The number of members whose values a step gives: 1 unless it is over an ensemble. */
export function membersOf({ over }: Pick<Step, 'over'>): number {
  return typeof over === 'string' ? 1 : over.members;
}

/** The thread that a lane is computed by. */
export function threadOf(lane: number, threads: number): number {
  return lane % threads;
}

/** The most threads that have something to do. */
export function usefulThreads(networks: readonly DeclaredNetwork[], sizes: Sizes): number {
  return Math.max(partsOf(sizes), ...networks.map(({ members }) => members));
}

/** The threads that hold a copy of every single network: those that compute parts of the rows. */
export function copyThreads(sizes: Sizes, threads: number): number[] {
  return Array.from({ length: Math.min(partsOf(sizes), threads) }, (_, thread) => thread);
}
