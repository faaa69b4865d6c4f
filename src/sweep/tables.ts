import Table from 'cli-table3';
import { shortKey } from '../config/flatten.js';
import { duration } from '../duration.js';
import type { SweepAxis } from './grid.js';
import type { Spread, SweepResults, Variant } from './results.js';
import type { PointStatus } from './sweep_run.js';

/** The lines of a table that are not its rows: borders, head, and the line of totals below. */
const FRAME_LINES = 6;

/**
 * How the points of a sweep stand, in at most `maxLines` lines: if they don't all fit, those that are running and
 * that failed come before the others.
 */
export function progressTable(statuses: readonly PointStatus[], maxLines: number): string {
  const room = Math.max(1, maxLines - FRAME_LINES);
  const urgent = (status: PointStatus) => status.state === 'running' || status.state === 'failed';
  const shown =
    statuses.length <= room
      ? statuses
      : [...statuses.filter(urgent), ...statuses.filter((status) => !urgent(status))].slice(0, room);
  const table = new Table({
    head: ['run', 'status', 'env steps', 'success', 'time left'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { point, state, progress } of shown) {
    table.push([
      point.name,
      state,
      `${count(progress.envSteps)} / ${count(point.config.train.steps)}`,
      progress.successAtEnd?.toFixed(2) ?? '-',
      state === 'running' ? duration(secondsLeft([{ point, state, progress, error: null }])) : '-',
    ]);
  }
  const more = statuses.length - shown.length;
  return `${table}\n${more > 0 ? `and ${more} more; ` : ''}${totals(statuses)}`;
}

/** `1 finished, 2 running, 3 waiting; 12 min left`. */
export function totals(statuses: readonly PointStatus[]): string {
  const states = ['finished', 'running', 'waiting', 'interrupted', 'failed'] as const;
  const counts = states
    .map((state) => ({ state, number: statuses.filter((status) => status.state === state).length }))
    .filter(({ number }) => number > 0)
    .map(({ state, number }) => `${number} ${state}`);
  const left = secondsLeft(statuses);
  return `${counts.join(', ')}${Number.isFinite(left) ? `; ${duration(left)} left at this rate` : ''}`;
}

/** What is left to do, at the rate of all running points together; not finite while none has a rate. */
export function secondsLeft(statuses: readonly PointStatus[]): number {
  const open = statuses.filter(({ state }) => state === 'running' || state === 'waiting');
  const steps = open.reduce(
    (sum, { point, progress }) => sum + point.config.train.steps - progress.envSteps,
    0,
  );
  const running = open.filter(({ state }) => state === 'running');
  return steps / running.reduce((sum, { progress }) => sum + (progress.rate ?? 0), 0);
}

/** The results of a sweep: a row a variant, with mean and spread over its seeds. */
export function resultsTable(axes: readonly SweepAxis[], { variants }: SweepResults): string {
  const keys = axes.map(({ key }) => key).filter((key) => key !== 'seed');
  const table = new Table({
    head: [
      ...keys.map(shortKey),
      'finished',
      'success at end',
      'lowest',
      'highest',
      'best on the way',
      'time',
    ],
    colAligns: [...keys.map(() => 'left' as const), ...Array<'right'>(6).fill('right')],
    style: { head: [], border: [], compact: true },
  });
  for (const variant of variants) table.push([...keys.map((key) => variant.values[key]), ...cells(variant)]);
  return table.toString();
}

function cells(variant: Variant): string[] {
  const { last_success_at_end: last, best_success_at_end: best, seconds } = variant;
  return [
    `${variant.finished} of ${variant.points}`,
    meanAndStd(last),
    last?.min.toFixed(2) ?? '-',
    last?.max.toFixed(2) ?? '-',
    meanAndStd(best),
    seconds ? duration(seconds.mean) : '-',
  ];
}

function meanAndStd(spread: Spread | null): string {
  if (!spread) return '-';
  const { mean, std } = spread;
  return std === null ? mean.toFixed(2) : `${mean.toFixed(2)} ± ${std.toFixed(2)}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
