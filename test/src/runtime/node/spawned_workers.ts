import type { Worker } from 'node:worker_threads';

type Threads = typeof import('node:worker_threads');

/** The worker threads that were started since the file's beginning, in their order. */
export const spawned: Worker[] = [];

/**
 * `node:worker_threads` with workers that are remembered in `spawned`:
 * `vi.mock('node:worker_threads', async (importOriginal) => (await import('…/spawned_workers.js')).rememberWorkers(await importOriginal()))`.
 */
export function rememberWorkers(original: Threads): Threads {
  class RememberedWorker extends original.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      spawned.push(this);
    }
  }
  return { ...original, Worker: RememberedWorker };
}
