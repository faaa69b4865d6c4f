import { parentPort, workerData } from 'node:worker_threads';
import { type EpisodeReplay, EpisodeReplayer } from './episode_replayer.js';
import type { ReplayPlan } from './plan.js';

/** A worker's answer to the index of an episode in the plan. */
export interface WorkerResult {
  index: number;
  result: EpisodeReplay;
}

// Errors are left to end the thread: the main thread hears of them whatever their cause.
const port = parentPort!;
const plan = workerData as ReplayPlan;
const replayer = await EpisodeReplayer.create(plan);

port.on('message', (index: number) => {
  port.postMessage({ index, result: replayer.replay(plan.episodes[index]) } satisfies WorkerResult);
});
