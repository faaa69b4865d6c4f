import { parentPort, workerData } from 'node:worker_threads';
import { type EpisodeReplay, EpisodeReplayer } from './episode_replayer.js';
import type { ReplayPlan } from './plan.js';

/** A worker's answer to the index of an episode in the plan. It ends on null, after the episode that it is at. */
export interface WorkerResult {
  index: number;
  result: EpisodeReplay;
}

// Errors are left to end the thread: the main thread hears of them whatever their cause.
const port = parentPort!;
const plan = workerData as ReplayPlan;
const replayer = await EpisodeReplayer.create(plan);

port.on('message', async (index: number | null) => {
  if (index === null) port.close();
  else
    port.postMessage({ index, result: await replayer.replay(plan.episodes[index]) } satisfies WorkerResult);
});
