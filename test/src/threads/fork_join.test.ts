import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { ForkJoin } from '../../../src/threads/fork_join.js';

const COMPILED = new URL('../../../dist/src/threads/fork_join.js', import.meta.url);

/** A worker that counts the commands it is given, in `counts[0]`. */
const COUNTER = `
  const { workerData } = require('node:worker_threads');
  import(${JSON.stringify(fileURLToPath(COMPILED))}).then(({ ForkJoin }) => {
    const commands = new ForkJoin(['go'], workerData.buffer);
    const counts = new Int32Array(workerData.counts);
    for (;;) {
      commands.next();
      Atomics.add(counts, 0, 1);
      commands.done();
    }
  });
`;

let worker: Worker | undefined;
afterEach(async () => {
  await worker?.terminate();
});

it('runs each command once, however often the worker is woken', async () => {
  const commands = new ForkJoin(['go']);
  const counts = new Int32Array(new SharedArrayBuffer(4));
  worker = new Worker(COUNTER, {
    eval: true,
    workerData: { buffer: commands.buffer, counts: counts.buffer },
  });
  const control = new Int32Array(commands.buffer);
  for (let command = 1; command <= 300; command++) {
    await commands.run('go', 1);
    // The late bell of a command that the worker has already taken.
    for (let i = 0; i < 20; i++) Atomics.notify(control, 0);
    expect(Atomics.load(counts, 0)).toBe(command);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(Atomics.load(counts, 0)).toBe(300);
});
