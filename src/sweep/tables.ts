import { withMeasure } from '../../envs/success.js';
import { shortKey } from '../config/flatten.js';
import { measureOf } from '../config/task.js';
import { consoleTable } from '../console_table.js';
import { duration } from '../duration.js';
import { scoreText, scoreWord } from '../logging/tables.js';
import { type StepCount, stepColumns } from '../runs/step_columns.js';
import { plannedSteps } from '../training/phases/schedules.js';
import { stepsLeft, stepsOf } from '../training/run_progress.js';
import type { SweepAxis } from './grid.js';
import type { Spread, SweepResults, Variant } from './results.js';
import type { PointStatus } from './sweep_run.js';

/**
 * A table of the points of a sweep and a line of totals that leave one of `maxLines` lines free: if they don't all fit,
 * those that are running and that failed come before the others.
 */
export function progressTable(statuses: readonly PointStatus[], maxLines: number, width: number): string {
  const isTooLong = (points: readonly PointStatus[]) =>
    pointsTable(points, width).split('\n').length + 2 > maxLines;
  let shown = statuses;
  if (isTooLong(shown)) {
    const isUrgent = ({ state }: PointStatus) => state === 'running' || state === 'failed';
    const others = statuses.filter((status) => !isUrgent(status));
    shown = [...statuses.filter(isUrgent), ...others].slice(0, maxLines);
  }
  while (shown.length > 1 && isTooLong(shown)) shown = shown.slice(0, -1);
  const more = statuses.length - shown.length;
  return `${pointsTable(shown, width)}\n${more > 0 ? `and ${more} more; ` : ''}${totals(statuses)}`;
}

/** The steps of a point. */
export function stepCount({ point, progress }: PointStatus): StepCount {
  return { done: progress, planned: plannedSteps(point.config.train) };
}

function pointsTable(statuses: readonly PointStatus[], width: number): string {
  const counts = statuses.map(stepCount);
  const steps = stepColumns(counts);
  const word = scoreWord(statuses.map(({ point }) => measureOf(point.config)));
  const rows = statuses.map((status, i) => {
    const { point, state, progress } = status;
    return [
      point.name,
      state,
      ...steps.cells(counts[i]),
      progress.score === null ? '-' : scoreText(measureOf(point.config), progress.score),
      state === 'running' ? duration(secondsLeft([status])) : '-',
    ];
  });
  return consoleTable(
    { head: ['run', 'status', ...steps.heads, word, 'time left'], rows, textColumns: 2 },
    width,
  );
}

/** The totals of a sweep: `1 finished, 2 running, 3 waiting; 12 min left`. */
export function totals(statuses: readonly PointStatus[]): string {
  const states = ['finished', 'running', 'waiting', 'interrupted', 'failed'] as const;
  const counts = states
    .map((state) => ({ state, number: statuses.filter((status) => status.state === state).length }))
    .filter(({ number }) => number > 0)
    .map(({ state, number }) => `${number} ${state}`);
  const left = secondsLeft(statuses);
  return `${counts.join(', ')}${Number.isFinite(left) ? `; ${duration(left)} left at this rate` : ''}`;
}

/** Seconds of work left, at the rate of all running points together; not finite while none has a rate. */
export function secondsLeft(statuses: readonly PointStatus[]): number {
  const open = statuses.filter(({ state }) => state === 'running' || state === 'waiting');
  const steps = open.reduce(
    (sum, { point, progress }) => sum + stepsOf(stepsLeft(plannedSteps(point.config.train), progress)),
    0,
  );
  const running = open.filter(({ state }) => state === 'running');
  return steps / running.reduce((sum, { progress }) => sum + (progress.rate ?? 0), 0);
}

/** The results of a sweep: a row for each variant, with mean and spread over its seeds. */
export function resultsTable(axes: readonly SweepAxis[], { variants }: SweepResults): string {
  const keys = axes.map(({ key }) => key).filter((key) => key !== 'seed');
  return consoleTable({
    head: [
      'variant',
      'finished',
      scoreWord(variants.map(({ judged_by }) => judged_by)),
      { long: 'lowest', short: 'min' },
      { long: 'highest', short: 'max' },
      { long: 'best on the way', short: 'best' },
      'time',
    ],
    rows: variants.map((variant) => [variantName(keys, variant), ...cells(variant)]),
  });
}

/** The name of a variant: `num_qs=2, tau=0.01`; `all` if only the seed varies. */
function variantName(keys: readonly string[], { values, judged_by: judgedBy }: Variant): string {
  return withMeasure(keys.map((key) => `${shortKey(key)}=${values[key]}`).join(', ') || 'all', judgedBy);
}

function cells(variant: Variant): string[] {
  const { judged_by: judgedBy, last_score: last, best_score: best, seconds } = variant;
  const text = (score: number) => scoreText(judgedBy, score);
  return [
    `${variant.finished} of ${variant.points}`,
    meanAndStd(last, text),
    last ? text(last.min) : '-',
    last ? text(last.max) : '-',
    meanAndStd(best, text),
    seconds ? duration(seconds.mean) : '-',
  ];
}

function meanAndStd(spread: Spread | null, text: (score: number) => string): string {
  if (!spread) return '-';
  const { mean, std } = spread;
  return std === null ? text(mean) : `${text(mean)} ± ${text(std)}`;
}
