import cliProgress from 'cli-progress';
import { byteSize } from './byte_size.js';
import { duration } from './duration.js';

/** A progress line. In a terminal it is redrawn in place; in a log it becomes a plain line every few seconds. */
export interface Progress {
  /** Shows `value` of the total, with `note` at the end of the line. */
  update(value: number, note?: string): void;
  /** Writes a text of whole lines to the standard output, above the progress line. */
  print(text: string): void;
  /** Draws the last state and ends the line. */
  stop(): void;
}

export interface ProgressOptions {
  label: string;
  total: number;
  /** Unit of the count, in the plural: `episodes`, `steps`. `bytes` are shown as kB, MB and so on. */
  unit: string;
  /** Count at the start, when work is resumed. */
  start?: number;
  stream?: NodeJS.WriteStream;
}

const LOG_INTERVAL_MS = 5000;
const REDRAW_HZ = 8;
const RATE_WINDOW_MS = 30_000;
const MARK_INTERVAL_MS = 1000;
const ERASE_LINE = '\r\x1b[2K';
// cli-progress returns to the saved position when it stops: that has to be the line that the bar is on now.
const SAVE_CURSOR = '\x1b7';

/** Starts a progress line with rate and time left. Call `stop()` in any case: it holds the cursor and a timer. */
export function startProgress({
  label,
  total,
  unit,
  start = 0,
  stream = process.stderr,
}: ProgressOptions): Progress {
  const startedAt = performance.now();
  const recent = new RecentRate(start);
  const terminal = stream.isTTY === true;
  const bar = new cliProgress.SingleBar({
    stream,
    noTTYOutput: true,
    notTTYSchedule: LOG_INTERVAL_MS,
    fps: REDRAW_HZ,
    hideCursor: true,
    // In a log it would end the last line a second time.
    clearOnComplete: !terminal,
    format: (_options, { value }, { note }) => {
      const elapsedSeconds = (performance.now() - startedAt) / 1000;
      const rate = value < total ? recent.rateAt(value) : (value - start) / elapsedSeconds;
      const timing =
        value < total ? `${duration((total - value) / rate)} left` : `in ${duration(elapsedSeconds)}`;
      const drawn = terminal ? `${drawBar(value / total)} ` : '';
      const figures = `${amount(value, total, unit)}, ${show(rate, unit)}/s, ${timing}`;
      return `${label} ${drawn}${figures}${note ? `, ${note}` : ''}`;
    },
  });
  bar.start(total, start, { note: '' });
  return {
    update: (value, note = '') => bar.update(value, { note }),
    print: (text) => {
      if (terminal) stream.write(ERASE_LINE);
      process.stdout.write(`${text}\n`);
      if (terminal) stream.write(SAVE_CURSOR);
    },
    stop: () => bar.stop(),
  };
}

/** Units per second over the last half minute, so that a change of speed shows. */
class RecentRate {
  private readonly marks: { value: number; at: number }[];

  constructor(start: number) {
    this.marks = [{ value: start, at: performance.now() }];
  }

  rateAt(value: number): number {
    const now = performance.now();
    while (this.marks.length > 1 && now - this.marks[1].at > RATE_WINDOW_MS) this.marks.shift();
    const newest = this.marks[this.marks.length - 1];
    if (now - newest.at > MARK_INTERVAL_MS) this.marks.push({ value, at: now });
    const oldest = this.marks[0];
    return (1000 * (value - oldest.value)) / (now - oldest.at);
  }
}

function drawBar(share: number): string {
  const width = 24;
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

function amount(value: number, total: number, unit: string): string {
  const share = `${show(value, unit)}/${show(total, unit)}`;
  return unit === 'bytes' ? share : `${share} ${unit}`;
}

function show(value: number, unit: string): string {
  if (unit === 'bytes') return byteSize(value);
  if (!Number.isFinite(value)) return '-';
  const digits = value > 0 && value < 10 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
