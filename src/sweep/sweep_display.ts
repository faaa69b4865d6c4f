import { measureOf } from '../config/task.js';
import { consoleWidth } from '../console_text.js';
import { duration } from '../duration.js';
import { LiveBlock } from '../live_block.js';
import { scoreText, scoreWord } from '../logging/tables.js';
import { countedKinds, STEP_NAMES } from '../training/run_progress.js';
import type { PointStatus, SweepRun } from './sweep_run.js';
import { progressTable, secondsLeft, stepCount, totals } from './tables.js';

const REDRAW_MS = 1000;
const LOG_INTERVAL_MS = 30_000;

/** Shows a sweep while it runs. */
export interface SweepDisplay {
  /** Shows that a point has started or ended. */
  changed(status: PointStatus): void;
  /** Shows a line of text. */
  note(text: string): void;
  /** Ends the display, which holds a timer until then. */
  stop(): void;
}

/** Shows a sweep as a table that is redrawn in place on a terminal, or as lines in a log. */
export function showSweep(sweep: SweepRun, stream: NodeJS.WriteStream): SweepDisplay {
  return stream.isTTY ? liveTable(sweep, stream) : plainLines(sweep, stream);
}

function liveTable(sweep: SweepRun, stream: NodeJS.WriteStream): SweepDisplay {
  const block = new LiveBlock(stream);
  const draw = () => {
    sweep.refresh();
    block.draw(progressTable(sweep.statuses, stream.rows, consoleWidth(stream)));
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    changed: draw,
    note: (text) => block.print(text),
    stop() {
      clearInterval(timer);
      draw();
    },
  };
}

function plainLines(sweep: SweepRun, stream: NodeJS.WriteStream): SweepDisplay {
  const timer = setInterval(() => {
    sweep.refresh();
    for (const status of sweep.statuses) if (status.state === 'running') stream.write(`${line(status)}\n`);
    stream.write(`${totals(sweep.statuses)}\n`);
  }, LOG_INTERVAL_MS);
  return {
    changed: (status) => stream.write(`${line(status)}\n`),
    note: (text) => stream.write(`${text}\n`),
    stop: () => clearInterval(timer),
  };
}

/** The line of a point: `num_qs-2_seed-1: running, 1200/20000 env steps, success 0.95, 3 min left`. */
function line(status: PointStatus): string {
  const { point, state, progress, error } = status;
  const { done, planned } = stepCount(status);
  const parts = [`${point.name}: ${state}`];
  for (const kind of countedKinds(planned)) parts.push(`${done[kind]}/${planned[kind]} ${STEP_NAMES[kind]}`);
  const judgedBy = measureOf(point.config);
  if (progress.score !== null) parts.push(`${scoreWord([judgedBy])} ${scoreText(judgedBy, progress.score)}`);
  const left = secondsLeft([status]);
  if (Number.isFinite(left)) parts.push(`${duration(left)} left`);
  if (error !== null) parts.push(error);
  return parts.join(', ');
}
