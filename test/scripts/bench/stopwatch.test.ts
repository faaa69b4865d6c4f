import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { stopwatch } from '../../../scripts/bench/stopwatch.js';

class Worker {
  private done = 0;

  work(amount: number): number {
    this.done += amount;
    return this.done;
  }

  async rest(milliseconds: number): Promise<string> {
    await sleep(milliseconds);
    return 'rested';
  }

  fail(): void {
    throw new Error('no');
  }
}

it('leaves what a method does and gives as it is', async () => {
  const worker = new Worker();
  for (const name of ['work', 'rest', 'fail'] as const) stopwatch(worker, name);
  expect(worker.work(2)).toBe(2);
  expect(worker.work(3)).toBe(5);
  await expect(worker.rest(1)).resolves.toBe('rested');
  expect(() => worker.fail()).toThrow('no');
});

it('adds up what calls take until it is asked, promises included', async () => {
  const worker = new Worker();
  const take = stopwatch(worker, 'rest');
  expect(take()).toBe(0);
  await worker.rest(20);
  await worker.rest(20);
  // Timers may fire a little early.
  expect(take()).toBeGreaterThan(0.035);
  expect(take()).toBe(0);
});

it('times only the calls whose first argument counts, and makes the others too', async () => {
  const worker = new Worker();
  const seconds = stopwatch(worker, 'rest', (milliseconds) => milliseconds === 20);
  await expect(worker.rest(1)).resolves.toBe('rested');
  expect(seconds()).toBe(0);
  await worker.rest(20);
  expect(seconds()).toBeGreaterThan(0.015);
});
