import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { processBirth, processExists } from '../../src/processes.js';
import { DEAD_PID } from './runs/run_fixture.js';

const onLinux = it.runIf(process.platform === 'linux');

it('a process exists until it ends', () => {
  expect([process.pid, process.ppid, DEAD_PID].map(processExists)).toEqual([true, true, false]);
});

onLinux('a process has a birth, the same each time, and a child a later one', () => {
  expect(processBirth(process.pid)).toBe(processBirth(process.pid));
  expect(processBirth(process.pid)).toBeGreaterThanOrEqual(processBirth(process.ppid)!);
  expect(processBirth(DEAD_PID)).toBeNull();
});

onLinux('one that has ended, and whose parent has not asked how, is dead', async () => {
  // The shell becomes a program that never asks.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [text] = await once(parent.stdout, 'data');
    await expect.poll(() => processExists(Number(text))).toBe(false);
  } finally {
    parent.kill('SIGKILL');
  }
});
