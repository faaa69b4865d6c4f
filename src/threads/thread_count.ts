import { availableParallelism } from 'node:os';

/** The environment variable with which trainings side by side are kept to their share of the processor. */
export const THREADS_VARIABLE = 'RLPD_THREADS';

/** How many threads a training may use: all cores, unless the environment variable says otherwise. */
export function availableThreads(): number {
  return Number(process.env[THREADS_VARIABLE]) || availableParallelism();
}
