import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { MetricsRow } from '../logging/metrics_file.js';
import { readRun } from '../runs/run_record.js';
import { runFolderAt } from '../training/run_folder.js';
import type { PlannedPoint } from './plan.js';

/** How far a point of a sweep has come. */
export interface PointProgress {
  envSteps: number;
  /** Of its last evaluation; null before the first. */
  successAtEnd: number | null;
  /** Env steps per second of late; null while nothing was logged. */
  rate: number | null;
}

/** Holds some fifty rows: enough for a glance every second. */
const TAIL_BYTES = 65_536;

/** Where a point stands before this call of the sweep. */
export function earlierProgress({ action, path }: PlannedPoint): PointProgress {
  if (action === 'start' || action === 'restart') return { envSteps: 0, successAtEnd: null, rate: null };
  const { envSteps, lastSuccessAtEnd } = readRun(path).results;
  return { envSteps, successAtEnd: lastSuccessAtEnd, rate: null };
}

/** Where a running point stands now, by the end of its `metrics.jsonl`; what that doesn't tell is as in `before`. */
export function currentProgress({ path, config }: PlannedPoint, before: PointProgress): PointProgress {
  const { metricsPath } = runFolderAt(path);
  const rows = lastRows(metricsPath);
  const last = rows.at(-1);
  if (!last) return before;
  const evaluation = rows.findLast((row) => typeof row['eval/success_at_end'] === 'number');
  const timed = rows.findLast((row) => typeof row['time/SPS'] === 'number');
  const rate = timed?.['time/SPS'] ?? before.rate;
  return {
    envSteps: last.env_steps,
    successAtEnd: evaluation?.['eval/success_at_end'] ?? before.successAtEnd,
    rate: rate && Math.min(rate, config.sac.log_freq / secondsSinceLastRow(metricsPath)),
  };
}

/**
 * Rows are `sac.log_freq` env steps apart: one that is overdue shows that the run has become slower, as it does when
 * updates begin.
 */
function secondsSinceLastRow(metricsPath: string): number {
  return Math.max(0, Date.now() - statSync(metricsPath).mtimeMs) / 1000;
}

function lastRows(path: string): MetricsRow[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, tail, 0, tail.length, size - tail.length);
    return tail.toString('utf8').split('\n').flatMap(parseRow);
  } finally {
    closeSync(file);
  }
}

/** The first line of a tail is cut, and the last one may be under way. */
function parseRow(line: string): MetricsRow[] {
  try {
    const row = JSON.parse(line) as MetricsRow | null;
    return typeof row?.env_steps === 'number' ? [row] : [];
  } catch {
    return [];
  }
}
