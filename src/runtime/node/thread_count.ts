import { availableParallelism } from 'node:os';
import { readVariable, type VariableName } from '../../environment_variables.js';

/** The environment variable with which trainings side by side are kept to their share of the processor. */
export const THREADS_VARIABLE = 'RLPD_THREADS' satisfies VariableName;

/** How many threads a command may use: all cores, unless the environment variable says otherwise. */
export function availableThreads(): number {
  return readVariable(THREADS_VARIABLE) ?? availableParallelism();
}
