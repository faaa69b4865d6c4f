import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Progress } from '../../../src/threads/progress.js';

const MODULE = new URL('../../../dist/src/threads/progress.js', import.meta.url).href;

/** The code of a second thread: `body` with its `progress`, `log` and `rounds`. */
function startOther(progress: Progress, log: Int32Array, rounds: number, body: string): Worker {
  const code = `
    const { workerData } = require('node:worker_threads');
    import(${JSON.stringify(MODULE)}).then(async ({ Progress }) => {
      const { buffer, log, rounds } = workerData;
      const progress = new Progress(1, 2, buffer);
      ${body}
    });`;
  return new Worker(code, { eval: true, workerData: { buffer: progress.buffer, log, rounds } });
}

const logOf = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));

describe('threads', () => {
  it('meet only all together, round after round', async () => {
    const rounds = 300;
    const progress = new Progress(0, 2);
    const log = logOf(rounds);
    const body = `
      for (let round = 0; round < rounds; round++) {
        Atomics.add(log, round, 1);
        await progress.meet(1);
        await progress.meet(1);
      }`;
    const worker = startOther(progress, log, rounds, body);
    for (let round = 0; round < rounds; round++) {
      Atomics.add(log, round, 1);
      await progress.meet(1);
      expect(Atomics.load(log, round)).toBe(2);
      if (round + 1 < rounds) expect(Atomics.load(log, round + 1)).toBe(0);
      await progress.meet(1);
    }
    await worker.terminate();
  });

  it('wait for the tasks of others that they name, in one piece of work after another', async () => {
    const rounds = 200;
    const progress = new Progress(0, 2);
    const log = logOf(2 * rounds);
    const body = `
      for (let round = 0; round < rounds; round++) {
        await progress.wait(0, 2);
        log[2 * round + 1] = log[2 * round] + 1;
        progress.reach(5);
        await progress.meet(9);
      }`;
    const worker = startOther(progress, log, rounds, body);
    for (let round = 0; round < rounds; round++) {
      log[2 * round] = round;
      progress.reach(2);
      await progress.wait(1, 5);
      expect(log[2 * round + 1]).toBe(round + 1);
      await progress.meet(9);
    }
    await worker.terminate();
  });

  it('go on when their counts wrap around', async () => {
    const progress = new Progress(0, 2);
    const body = `
      for (let round = 0; round < rounds; round++) {
        log[round] = 1;
        await progress.meet(0x70000000);
      }`;
    const log = logOf(7);
    const worker = startOther(progress, log, 7, body);
    for (let round = 0; round < 7; round++) {
      await progress.meet(0x70000000);
      expect(log[round]).toBe(1);
    }
    await worker.terminate();
  });

  it('of which there is one never wait', async () => {
    const progress = new Progress(0, 1);
    await progress.meet(1);
    await progress.meet(1);
  });

  it('wait no longer once they are broken off', async () => {
    const progress = new Progress(0, 2);
    const waiting = progress.wait(1, 1);
    progress.break();
    await expect(waiting).rejects.toThrow('another thread has failed');
    await expect(progress.meet(1)).rejects.toThrow('another thread has failed');
  });
});
