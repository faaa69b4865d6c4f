import { workerEntry } from '../runtime/threads.js';
import { performTasks } from '../threads/perform_tasks.js';
import { type EpisodeReplay, EpisodeReplayer } from './episode_replayer.js';
import type { ReplayPlan } from './plan.js';

/**
 * Replays the plan's episodes and yields the results in the episodes' order: in this thread, or with more than one
 * process in as many worker threads. The results are the same for any number. Rejects with the error of a worker that
 * ends early. Leaving the loop over the results ends all work.
 */
export function replayEpisodes(plan: ReplayPlan, numProcs: number): AsyncGenerator<EpisodeReplay> {
  const tasks = {
    count: plan.episodes.length,
    plan,
    start: EpisodeReplayer.create,
    workerEntry: () => workerEntry(import.meta.url, 'replay_worker.js'),
    workerLabel: 'replay worker',
  };
  return performTasks(tasks, numProcs);
}
