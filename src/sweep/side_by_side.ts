import { availableParallelism, totalmem } from 'node:os';

const MEMORY_EACH = 2 * 1024 ** 3;

/**
 * The number of trainings that run at a time by default: side by side, one thread each, they get more done than one
 * after another on all threads.
 */
export function trainingsSideBySide(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / MEMORY_EACH)));
}
