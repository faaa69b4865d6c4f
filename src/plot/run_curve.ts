import { closest } from 'fastest-levenshtein';
import { nearestWord } from '../../envs/nearest_word.js';
import type { Config } from '../config/schema.js';
import { measureOf } from '../config/task.js';
import { UserError } from '../errors.js';
import type { MetricsRow } from '../logging/metrics_file.js';
import { readRows, readRunConfig } from '../runs/run_record.js';
import { openRunFolder } from '../training/folder/run_folder.js';

/** Quantities that a curve can be drawn over. */
export const X_AXES = ['env_steps', 'seconds'] as const;
export type XAxis = (typeof X_AXES)[number];

export interface CurvePoint {
  x: number;
  y: number;
}

/** A metric of one run. */
export interface Curve {
  path: string;
  /** The points in the order of x, one for each value of x. */
  points: CurvePoint[];
}

/** A curve with its metric, and with the configuration of its run, by which it can be grouped. */
export interface RunCurve extends Curve {
  metric: string;
  config: Config;
}

/** The metric that a run is drawn by unless another is asked for: the measure that its task is judged by. */
export function defaultMetric(config: Pick<Config, 'env'>): string {
  return `eval/${measureOf(config)}`;
}

/**
 * The values of a metric in a run, over `x`; of its default one if `wanted` is null. Throws a UserError if the folder holds
 * no run, or if it never logged the metric, naming the nearest one that it did, or what it has.
 */
export function readRunCurve(path: string, wanted: string | null, x: XAxis): RunCurve {
  const folder = openRunFolder(path);
  const rows = readRows(folder);
  const config = readRunConfig(folder);
  const metric = wanted ?? defaultMetric(config);
  const values = new Map<number, number>();
  for (const row of rows) {
    const value = row[metric];
    if (typeof value === 'number') values.set(row[x], value);
  }
  if (values.size === 0) throw noSuchMetric(path, metric, metricNames(rows));
  const points = [...values].map(([x, y]) => ({ x, y })).sort((one, other) => one.x - other.x);
  return { path, metric, config, points };
}

/** The metric by which a run is drawn: its default one, or its first loss without evaluations, if any is logged. */
export function metricToDraw(path: string): string | null {
  const folder = openRunFolder(path);
  const names = metricNames(readRows(folder));
  const usual = defaultMetric(readRunConfig(folder));
  if (names.includes(usual)) return usual;
  return names.find((name) => name.endsWith('_loss')) ?? null;
}

function metricNames(rows: readonly MetricsRow[]): string[] {
  return [...new Set(rows.flatMap(Object.keys))].filter((name) => name.includes('/'));
}

function noSuchMetric(path: string, metric: string, names: readonly string[]): UserError {
  if (names.length === 0) return new UserError(`${path}: nothing is logged yet`);
  const words = metric.split('/');
  const akin = names.filter((name) => name.startsWith(`${words[0]}/`) || name.endsWith(`/${words.at(-1)}`));
  const nearest = akin.length > 0 ? closest(metric, akin) : nearestWord(metric, names);
  const learning = names.filter((name) => name.startsWith('train/'));
  const offer = nearest
    ? `the nearest is "${nearest}"`
    : `--metric takes what there is: ${(learning.length > 0 ? learning : names).join(', ')}`;
  return new UserError(`${path}: no "${metric}" in its metrics.jsonl; ${offer}`);
}
