import type { InfoOptions } from '../datasets/info.js';
import { type Progress, startProgress } from '../progress.js';
import type { StopSignal } from '../stop_signal.js';
import { interruptible } from './interruptible.js';

/**
 * Reads a dataset with progress lines, one for its episodes and one for its bytes. Ctrl-C ends it in good order. Each
 * line begins with the first episode or byte: only then the total is known.
 */
export async function withReadingProgress(read: (options: InfoOptions) => Promise<void>): Promise<void> {
  await interruptible(async (signal: StopSignal) => {
    const lines = new Map<string, Progress>();
    const show = (label: string, unit: string) => (done: number, total: number) => {
      const line = lines.get(label) ?? startProgress({ label, total, unit });
      lines.set(label, line);
      line.update(done);
      if (done === total) line.stop();
    };
    try {
      await read({ onEpisode: show('read', 'episodes'), onBytes: show('sha256', 'bytes'), signal });
    } finally {
      for (const line of lines.values()) line.stop();
    }
  });
}
