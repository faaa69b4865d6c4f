import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { workerEntry } from '../worker_entry.js';
import { type EpisodeReplay, EpisodeReplayer } from './episode_replayer.js';
import type { ReplayPlan } from './plan.js';
import type { WorkerResult } from './replay_worker.js';

/**
 * Replays the plan's episodes and yields the results in the episodes' order: in this thread, or with more than one
 * process in as many worker threads. The results are the same for any number. Rejects with the error of a worker that
 * ends early. Leaving the loop over the results ends all work.
 */
export function replayEpisodes(plan: ReplayPlan, numProcs: number): AsyncGenerator<EpisodeReplay> {
  const numWorkers = Math.min(numProcs, plan.episodes.length);
  return numWorkers > 1 ? replayInWorkers(plan, numWorkers) : replayHere(plan);
}

async function* replayHere(plan: ReplayPlan): AsyncGenerator<EpisodeReplay> {
  const replayer = await EpisodeReplayer.create(plan);
  try {
    for (const episode of plan.episodes) {
      // Lets timers and Ctrl-C have their turn.
      await setImmediate();
      yield await replayer.replay(episode);
    }
  } finally {
    replayer.close();
  }
}

async function* replayInWorkers(plan: ReplayPlan, numWorkers: number): AsyncGenerator<EpisodeReplay> {
  const count = plan.episodes.length;
  const results = new Map<number, EpisodeReplay>();
  let failure: Error | null = null;
  let handedOut = 0;
  let wake = () => {};
  const fail = (error: Error) => {
    failure ??= error;
    wake();
  };
  const exits: Promise<void>[] = [];
  const entry = workerEntry(import.meta.url, 'replay_worker.js');
  const workers = Array.from({ length: numWorkers }, (_, w) => {
    const name = `replay worker ${w}`;
    const worker = new Worker(entry, { workerData: plan, name });
    worker.on('error', (error) => fail(new Error(`${name} failed: ${error.message}`, { cause: error })));
    worker.on('exit', (code) => fail(new Error(`${name} ended unexpectedly with exit code ${code}`)));
    worker.on('message', ({ index, result }: WorkerResult) => {
      results.set(index, result);
      if (handedOut < count) worker.postMessage(handedOut++);
      wake();
    });
    exits.push(new Promise((resolve) => worker.once('exit', () => resolve())));
    worker.postMessage(handedOut++);
    return worker;
  });
  try {
    for (let index = 0; index < count; index++) {
      while (!results.has(index)) {
        if (failure) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      yield results.get(index)!;
      results.delete(index);
    }
  } finally {
    // Each finishes the episode that it is at, so that no half-written video is left behind.
    handedOut = count;
    for (const worker of workers) worker.postMessage(null);
    await Promise.all(exits);
  }
}
