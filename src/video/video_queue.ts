import { Worker } from 'node:worker_threads';
import { workerEntry } from '../worker_entry.js';
import type { VideoJob, VideoOrder, VideoResult } from './video_worker.js';

export interface VideoFailure {
  path: string;
  error: Error;
}

/**
 * Writes videos one after another in a thread of its own, on Linux of the lowest priority, so that the caller is hardly
 * slowed. A video that fails, or the thread's end, is told and harms nothing else.
 */
export class VideoQueue {
  private readonly failures: VideoFailure[] = [];
  private readonly orders: { path: string; onWritten: (still: Uint8Array) => void }[] = [];
  private death: Error | null = null;
  private onIdle = () => {};

  private constructor(
    private readonly worker: Worker,
    private readonly onFailure: (failure: VideoFailure) => void,
  ) {
    worker.on('message', (result: VideoResult) => this.settle(result));
    worker.on('error', (error) =>
      this.die(new Error(`the video thread failed: ${error.message}`, { cause: error })),
    );
    worker.on('exit', (code) => this.die(new Error(`the video thread ended with exit code ${code}`)));
  }

  /** Starts the thread. `onFailure` hears of each video that can't be written, as soon as that is known. */
  static start(onFailure: (failure: VideoFailure) => void = () => {}): VideoQueue {
    const worker = new Worker(workerEntry(import.meta.url, 'video_worker.js'), { name: 'video writer' });
    return new VideoQueue(worker, onFailure);
  }

  /** How many videos are not written yet. */
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
    else this.worker.postMessage({ path, job } satisfies VideoOrder);
  }

  /** Waits until all videos are written, ends the thread, and gives the failures. */
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

  /** The oldest pending video is done. */
  private settle(result: VideoResult): void {
    const { path, onWritten } = this.orders.shift()!;
    if ('error' in result) {
      const failure = { path, error: result.error };
      this.failures.push(failure);
      this.onFailure(failure);
    } else onWritten(result.still);
    if (this.pending === 0) this.onIdle();
  }

  /** The first cause counts: an error is followed by an exit. */
  private die(error: Error): void {
    if (this.death) return;
    this.death = error;
    while (this.pending > 0) this.settle({ error });
  }
}
