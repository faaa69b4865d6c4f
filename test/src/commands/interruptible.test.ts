import { afterEach, expect, test, vi } from 'vitest';
import { interruptible } from '../../../src/commands/interruptible.js';
import type { StopSignal } from '../../../src/stop_signal.js';
import { rememberSaid } from '../../said.js';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function workUntilStopped(signal: StopSignal): Promise<void> {
  process.emit('SIGINT');
  if (signal.aborted) throw new Error('interrupted: film.gif was not written');
}

test('work that Ctrl-C ends says so, with the exit code that shells expect', async () => {
  const said = rememberSaid();
  expect(await interruptible(workUntilStopped)).toBe(false);
  expect(said.text).toBe('interrupted: film.gif was not written\n');
  expect(process.exitCode).toBe(130);
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('work that fails by itself fails with its own error', async () => {
  await expect(interruptible(() => Promise.reject(new Error('no space')))).rejects.toThrow('no space');
  expect(process.exitCode).toBeUndefined();
  expect(await interruptible(async () => {})).toBe(true);
});
