import type { WorkerThread } from '../runtime/contract.js';
import { startWorker } from '../runtime/threads.js';
import type { Progress } from './progress.js';

/**
 * Worker threads that carry out the same commands as the main thread, each its part, and wait for each other by
 * their {@link Progress}. They end with the process. If one of them fails, nobody waits any longer, and the command under way ends.
 */
export class Team<Command> {
  private readonly workers: readonly WorkerThread<Command>[];
  private failure: Error | undefined;

  /** @param starts the data that each worker begins with */
  constructor(
    entry: URL,
    starts: readonly unknown[],
    private readonly progress: Progress,
    label: string,
  ) {
    const onFailure = (failure: Error) => {
      this.failure ??= failure;
      progress.break();
    };
    this.workers = starts.map((start, i) =>
      startWorker<Command>(entry, { name: `${label} ${i + 1}`, start, isBackground: true, onFailure }),
    );
  }

  /**
   * Tells the workers to do their parts and does the main thread's. Rejects with the error of the thread that fails.
   */
  async run(command: Command, ownPart: () => Promise<void>): Promise<void> {
    this.tell(command);
    try {
      await ownPart();
    } catch (error) {
      throw this.failure ?? error;
    }
  }

  /** Tells the workers to do their parts. Throws if one of them has failed before. */
  tell(command: Command): void {
    if (this.failure) throw this.failure;
    for (const worker of this.workers) worker.post(command);
  }

  /** Tells each worker something of its own. Throws if one of them has failed before. */
  tellEach(commands: readonly Command[]): void {
    if (this.failure) throw this.failure;
    this.workers.forEach((worker, i) => {
      worker.post(commands[i]);
    });
  }

  async dismiss(): Promise<void> {
    this.progress.break();
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
