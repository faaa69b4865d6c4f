import { availableParallelism, totalmem } from 'node:os';

const MEMORY_EACH = 2 * 1024 ** 3;

/**
 * How many trainings to run at a time where nothing else is said: side by side, one thread each, they get more done than
 * one after another on all threads.
 */
export function trainingsSideBySide(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / MEMORY_EACH)));
}
