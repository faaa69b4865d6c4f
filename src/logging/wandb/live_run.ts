import type { WorkerThread } from '../../runtime/contract.js';
import { startWorker, workerEntry } from '../../runtime/threads.js';
import type { LiveNews, LiveOrder, LiveStart } from './live_worker.js';
import { nestedObject } from './nested_items.js';
import type { NestedItem } from './schema.js';

const PATIENCE_MS = 20_000;

/**
 * Shows a run at Weights & Biases while it goes on, through their own package `@wandb/sdk`. That package sends the
 * history, but neither files nor console text; it drops rows that it can't send at once; and on Ctrl-C it ends the
 * process. So it works in a thread of its own, where no signals arrive, and as a preview of the records that are
 * uploaded in the end.
 */
export class LiveRun {
  private readonly worker: WorkerThread<LiveOrder>;
  private readonly finished: Promise<void>;
  private hasFailed = false;

  /** @param note hears the address of the run, or the reason why it can't be seen; each once */
  constructor(start: LiveStart, note: (text: string) => void) {
    const entry = workerEntry(import.meta.url, 'live_worker.js');
    let finish = () => {};
    this.finished = new Promise((resolve) => {
      finish = resolve;
    });
    this.worker = startWorker<LiveOrder, LiveNews>(entry, {
      name: 'the thread of @wandb/sdk',
      start,
      isBackground: true,
      isSilent: true, // The package writes stack traces.
      onAnswer(news) {
        if ('url' in news) note(`watch the run at ${news.url}`);
        else finish();
      },
      onFailure: ({ message }) => {
        note(`can't show the run at Weights & Biases while it goes on: ${message}`);
        this.hasFailed = true;
      },
    });
  }

  /** Sends a row of the history without videos, whose files are not sent; rows come in the order of their steps, from the first of the run. */
  row(step: number, items: readonly NestedItem[]): void {
    const entries = Object.entries(nestedObject(items));
    this.send({ step, row: Object.fromEntries(entries.filter(([, value]) => !isVideo(value))) });
  }

  /** Ends the run, with whatever can be sent in 20 seconds. */
  async finish(exitCode: number): Promise<void> {
    this.send({ exitCode });
    const timer = setTimeout(() => this.worker.terminate(), PATIENCE_MS);
    await Promise.race([this.finished, this.worker.ended]);
    clearTimeout(timer);
    await this.worker.terminate();
  }

  private send(order: LiveOrder): void {
    if (!this.hasFailed) this.worker.post(order);
  }
}

function isVideo(value: unknown): boolean {
  return (value as { _type?: string } | null)?._type === 'video-file';
}
