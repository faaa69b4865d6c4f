import { distance } from 'fastest-levenshtein';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
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

/** A curve with the configuration of its run, by which it can be grouped. */
export interface RunCurve extends Curve {
  config: Config;
}

/**
 * The values of `metric` in a run, over `x`. Throws a UserError if the folder holds no run, or if it never logged the
 * metric, naming the nearest one that it did.
 */
export function readRunCurve(path: string, metric: string, x: XAxis): RunCurve {
  const folder = openRunFolder(path);
  const rows = readRows(folder);
  const values = new Map<number, number>();
  for (const row of rows) {
    const value = row[metric];
    if (typeof value === 'number') values.set(row[x], value);
  }
  if (values.size === 0) throw noSuchMetric(path, metric, [...new Set(rows.flatMap(Object.keys))]);
  const points = [...values].map(([x, y]) => ({ x, y })).sort((one, other) => one.x - other.x);
  return { path, config: readRunConfig(folder), points };
}

function noSuchMetric(path: string, metric: string, logged: readonly string[]): UserError {
  const names = logged.filter((name) => name.includes('/'));
  if (names.length === 0) return new UserError(`${path}: nothing is logged yet`);
  const nearest = names.sort((one, other) => distance(metric, one) - distance(metric, other))[0];
  return new UserError(`${path}: no "${metric}" in its metrics.jsonl; the nearest is "${nearest}"`);
}
