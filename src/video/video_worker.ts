import { setPriority } from 'node:os';
import { importTaskModule } from '../rollout/task_module.js';
import { joinStarter } from '../runtime/threads.js';
import type { Video } from './clip.js';
import { type SimulatedVideo, simulateVideo } from './simulated_video.js';
import { drawLastFrames, writeVideo } from './write_video.js';

export type VideoJob = Video | SimulatedVideo;

/** Message to the thread. */
export interface VideoOrder {
  path: string;
  job: VideoJob;
  /** See `moduleForWorkers`. */
  taskModule: string | null;
}

/** Answer of the thread to each order, in turn: the clips' last frames as a PNG, or the error. */
export type VideoResult = { still: Uint8Array } | { error: Error };

const LOWEST_PRIORITY = 19;

// On Linux this is about the calling thread; elsewhere it would be about the whole process.
if (process.platform === 'linux') setPriority(LOWEST_PRIORITY);

const starter = await joinStarter<undefined, VideoOrder, VideoResult>();
starter.onMessage(async (order) => starter.post(await carryOut(order)));

async function carryOut({ path, job, taskModule }: VideoOrder): Promise<VideoResult> {
  try {
    await importTaskModule(taskModule);
    const video = 'clips' in job ? job : await simulateVideo(job);
    await writeVideo(path, video);
    return { still: await drawLastFrames(video) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
