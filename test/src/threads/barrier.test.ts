import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Barrier } from '../../../src/threads/barrier.js';

const MODULE = new URL('../../../dist/src/threads/barrier.js', import.meta.url).href;

/** A thread that adds its turn to `log` before each of `rounds` barriers. */
function startRunner(barrier: Barrier, log: Int32Array, rounds: number): Worker {
  const code = `
    const { workerData } = require('node:worker_threads');
    import(${JSON.stringify(MODULE)}).then(async ({ Barrier }) => {
      const { buffer, log, rounds } = workerData;
      const barrier = new Barrier(2, buffer);
      for (let round = 0; round < rounds; round++) {
        Atomics.add(log, round, 1);
        await barrier.wait();
        await barrier.wait();
      }
    });`;
  return new Worker(code, { eval: true, workerData: { buffer: barrier.buffer, log, rounds } });
}

describe('a barrier', () => {
  it('lets nobody pass before all have arrived, round after round', async () => {
    const rounds = 300;
    const barrier = new Barrier(2);
    const log = new Int32Array(new SharedArrayBuffer(4 * rounds));
    const worker = startRunner(barrier, log, rounds);
    for (let round = 0; round < rounds; round++) {
      Atomics.add(log, round, 1);
      await barrier.wait();
      expect(Atomics.load(log, round)).toBe(2);
      if (round + 1 < rounds) expect(Atomics.load(log, round + 1)).toBe(0);
      await barrier.wait();
    }
    await worker.terminate();
  });

  it('of one thread is always open', async () => {
    const barrier = new Barrier(1);
    await barrier.wait();
    await barrier.wait();
  });

  it('lets nobody wait any longer once it is broken', async () => {
    const barrier = new Barrier(2);
    const waiting = barrier.wait();
    barrier.break();
    await expect(waiting).rejects.toThrow('another thread has failed');
    await expect(barrier.wait()).rejects.toThrow('another thread has failed');
  });
});
