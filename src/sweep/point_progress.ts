import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { measureOf } from '../config/task.js';
import type { MetricsRow } from '../logging/metrics_file.js';
import { readRun } from '../runs/run_record.js';
import { runFolderAt } from '../training/folder/run_folder.js';
import { stepsAt } from '../training/phases/schedules.js';
import type { Steps } from '../training/run_progress.js';
import type { PlannedPoint } from './plan.js';

/** Progress of a point of a sweep. */
export interface PointProgress extends Steps {
  /** Score in its last evaluation, as the task is judged; null before the first. */
  score: number | null;
  /** Steps per second of late (see `stepsOf`); null while nothing was logged. */
  rate: number | null;
}

/** Bytes that are read of the end of `metrics.jsonl`, some fifty rows: enough for a look every second. */
const TAIL_BYTES = 65_536;

/** Progress of a point before this call of the sweep. */
export function earlierProgress({ action, path }: PlannedPoint): PointProgress {
  if (action === 'start' || action === 'restart') return NOTHING;
  return recordedProgress(path);
}

/** Progress of a point whose training has ended; as in `before` if there is no record of it. */
export function endedProgress({ path }: PlannedPoint, before: PointProgress): PointProgress {
  try {
    return recordedProgress(path);
  } catch {
    return before; // it failed as it began
  }
}

const NOTHING: PointProgress = {
  cloneSteps: 0,
  offlineSteps: 0,
  envSteps: 0,
  score: null,
  rate: null,
};

function recordedProgress(path: string): PointProgress {
  const { cloneSteps, offlineSteps, envSteps, lastScore } = readRun(path).results;
  return { cloneSteps, offlineSteps, envSteps, score: lastScore, rate: null };
}

/** Progress of a running point, by the end of its `metrics.jsonl`; numbers that are not there are as in `before`. */
export function currentProgress({ path, config }: PlannedPoint, before: PointProgress): PointProgress {
  const { rows, ageSeconds } = tailOf(runFolderAt(path).metricsPath);
  const last = rows.at(-1);
  if (!last) return before;
  const metric = `eval/${measureOf(config)}`;
  const evaluation = rows.findLast((row) => typeof row[metric] === 'number');
  const rate = loggedRate(rows) ?? before.rate;
  return {
    ...stepsAt(config.train, last.env_steps),
    score: evaluation?.[metric] ?? before.score,
    // Rows are `log_freq` steps apart: an overdue one shows that the run is slower now, as when updates begin.
    rate: rate && Math.min(rate, config.train.log_freq / ageSeconds),
  };
}

/** Steps per second before the last of the rows that say how long they took; in the phase offline only the clock does. */
function loggedRate(rows: readonly MetricsRow[]): number | null {
  const isTimed = (row: MetricsRow) => Object.keys(row).some((key) => key.startsWith('time/'));
  const [last, before] = rows.filter(isTimed).reverse();
  if (!last) return null;
  const steps = last.env_steps - (before?.env_steps ?? 0);
  return last['time/SPS'] ?? steps / (last.seconds - (before?.seconds ?? 0));
}

/** The last rows of a `metrics.jsonl`, and the seconds since it was written to; none if there is no file yet. */
function tailOf(path: string): { rows: MetricsRow[]; ageSeconds: number } {
  if (!existsSync(path)) return { rows: [], ageSeconds: 0 };
  const file = openSync(path, 'r');
  try {
    const { size, mtimeMs } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, tail, 0, tail.length, size - tail.length);
    const rows = tail.toString('utf8').split('\n').flatMap(parseRow);
    return { rows, ageSeconds: Math.max(0, Date.now() - mtimeMs) / 1000 };
  } finally {
    closeSync(file);
  }
}

/** The row of a line, or none: the first line of a tail is cut, and the last one may be unfinished. */
function parseRow(line: string): MetricsRow[] {
  try {
    const row = JSON.parse(line) as MetricsRow | null;
    return typeof row?.env_steps === 'number' ? [row] : [];
  } catch {
    return [];
  }
}
