import { moduleForWorkers } from '../rollout/task_module.js';
import type { WorkerThread } from '../runtime/contract.js';
import { startWorker, workerEntry } from '../runtime/threads.js';
import type { VideoJob, VideoOrder, VideoResult } from './video_worker.js';

export interface VideoFailure {
  path: string;
  error: Error;
}

/**
 * Writes videos one after another in a thread of its own, on Linux of the lowest priority, so that the caller is hardly
 * slowed. If a video or the thread fails, the failure is told and harms nothing else.
 */
export class VideoQueue {
  private readonly worker: WorkerThread<VideoOrder>;
  private readonly failures: VideoFailure[] = [];
  private readonly orders: { path: string; onWritten: (still: Uint8Array) => void }[] = [];
  private death: Error | null = null;
  private onIdle = () => {};

  private constructor(private readonly onFailure: (failure: VideoFailure) => void) {
    this.worker = startWorker<VideoOrder, VideoResult>(workerEntry(import.meta.url, 'video_worker.js'), {
      name: 'the video thread',
      onAnswer: (result) => this.settle(result),
      onFailure: (error) => this.die(error),
    });
  }

  /** Starts the thread. `onFailure` hears of each video that can't be written, as soon as that is known. */
  static start(onFailure: (failure: VideoFailure) => void = () => {}): VideoQueue {
    return new VideoQueue(onFailure);
  }

  /** The number of videos that are not written yet. */
  get pending(): number {
    return this.orders.length;
  }

  /**
   * Has a video written to `path`, of clips or of episodes that are played again. `onWritten` is called when it is there,
   * with the clips' last frames as a PNG.
   */
  add(path: string, job: VideoJob, onWritten: (still: Uint8Array) => void = () => {}): void {
    this.orders.push({ path, onWritten });
    if (this.death) this.settle({ error: this.death });
    else this.worker.post({ path, job, taskModule: moduleForWorkers(job.envId) });
  }

  /** Waits until all videos are written, ends the thread, and returns the failures. */
  async finish(): Promise<VideoFailure[]> {
    if (this.pending > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
      });
    }
    this.death ??= new Error('the video queue is finished');
    await this.worker.terminate();
    return this.failures;
  }

  /** Ends the oldest pending video with its result. */
  private settle(result: VideoResult): void {
    const { path, onWritten } = this.orders.shift()!;
    if ('error' in result) {
      const failure = { path, error: result.error };
      this.failures.push(failure);
      this.onFailure(failure);
    } else onWritten(result.still);
    if (this.pending === 0) this.onIdle();
  }

  private die(error: Error): void {
    this.death = error;
    while (this.pending > 0) this.settle({ error });
  }
}
