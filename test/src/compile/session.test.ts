import { availableParallelism } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { defaultThreads, THREADS_VARIABLE } from '../../../src/compile/session.js';

afterEach(() => vi.unstubAllEnvs());

it('keeps a session to its share of the processor', () => {
  vi.stubEnv(THREADS_VARIABLE, '');
  expect(defaultThreads()).toBe(Math.min(2, availableParallelism()));
  vi.stubEnv(THREADS_VARIABLE, '1');
  expect(defaultThreads()).toBe(1);
  vi.stubEnv(THREADS_VARIABLE, '16');
  expect(defaultThreads()).toBe(2);
});
