import { type Progress, startProgress } from '../progress.js';

/** Display of a transfer's progress. */
export interface TransferDisplay {
  /** Shows a line of text, above the progress line if there is one. */
  note(text: string): void;
  /** Starts a progress line, in place of one that is shown. A total of null is unknown. */
  start(label: string, received: number, total: number | null): void;
  update(received: number): void;
  stop(): void;
}

/** Shows nothing. */
export const SILENT_DISPLAY: TransferDisplay = { note() {}, start() {}, update() {}, stop() {} };

/** Notes on the standard output, progress on the standard error. */
export class TerminalDisplay implements TransferDisplay {
  private progress: Progress | undefined;

  note(text: string): void {
    if (this.progress) this.progress.print(text);
    else process.stdout.write(`${text}\n`);
  }

  start(label: string, received: number, total: number | null): void {
    this.stop();
    this.progress = startProgress({ label, start: received, total: total ?? Infinity, unit: 'bytes' });
  }

  update(received: number): void {
    this.progress?.update(received);
  }

  stop(): void {
    this.progress?.stop();
    this.progress = undefined;
  }
}
