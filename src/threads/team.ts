import { Worker } from 'node:worker_threads';
import type { Barrier } from './barrier.js';

/** Message of a worker whose command has failed. */
export interface WorkerFailure {
  message: string;
  stack: string | undefined;
}

/**
 * Worker threads that carry out the same commands as the main thread, each its part, and meet at a {@link Barrier}.
 * They end with the process. If one of them fails, the barrier breaks, and so does the command under way.
 */
export class Team<Command> {
  private readonly workers: Worker[] = [];
  private failure: Error | undefined;
  private dismissed = false;

  /** @param starts what each worker is given as its `workerData` */
  constructor(
    entry: URL,
    starts: readonly unknown[],
    private readonly barrier: Barrier,
    label: string,
  ) {
    starts.forEach((workerData, i) => {
      const name = `${label} ${i + 1}`;
      const worker = new Worker(entry, { workerData, name });
      worker.unref();
      worker.on('error', (error) => this.fail(`${name} failed: ${error.message}`, error));
      worker.on('message', ({ message, stack }: WorkerFailure) =>
        this.fail(`${name} failed: ${message}`, stack),
      );
      worker.on('exit', (code) => this.fail(`${name} ended unexpectedly with exit code ${code}`));
      this.workers.push(worker);
    });
  }

  /** Tells the workers to do their parts and does the main thread's. Rejects with the error of whoever fails. */
  async run(command: Command, ownPart: () => Promise<void>): Promise<void> {
    this.tell(command);
    try {
      await ownPart();
    } catch (error) {
      // The event of a worker's failure may come just after the barrier broke.
      await new Promise(setImmediate);
      throw this.failure ?? error;
    }
  }

  /** Tells the workers to do their parts. Throws if one of them has failed before. */
  tell(command: Command): void {
    if (this.failure) throw this.failure;
    for (const worker of this.workers) worker.postMessage(command);
  }

  /** Tells each worker something of its own. Throws if one of them has failed before. */
  tellEach(commands: readonly Command[]): void {
    if (this.failure) throw this.failure;
    this.workers.forEach((worker, i) => {
      worker.postMessage(commands[i]);
    });
  }

  async dismiss(): Promise<void> {
    this.dismissed = true;
    this.barrier.break();
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private fail(message: string, cause?: unknown): void {
    if (this.dismissed) return;
    this.failure ??= new Error(message, { cause });
    this.barrier.break();
  }
}
