import { availableParallelism } from 'node:os';
import { readVariable, type VariableName } from '../../environment_variables.js';

/** The environment variable that keeps trainings side by side to their share of the processor. */
export const THREADS_VARIABLE = 'RLPD_THREADS' satisfies VariableName;

/** The number of threads that a command may use: all cores, unless the environment variable gives another number. */
export function availableThreads(): number {
  return readVariable(THREADS_VARIABLE) ?? availableParallelism();
}
