import { availableParallelism } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { availableThreads, THREADS_VARIABLE } from '../../../../src/runtime/node/thread_count.js';

afterEach(() => vi.unstubAllEnvs());

it('keeps a training to its share of the processor', () => {
  vi.stubEnv(THREADS_VARIABLE, '');
  expect(availableThreads()).toBe(availableParallelism());
  vi.stubEnv(THREADS_VARIABLE, '3');
  expect(availableThreads()).toBe(3);
});
