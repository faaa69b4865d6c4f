import { plannedSteps } from '../training/phases/schedules.js';
import { countedKinds } from '../training/run_progress.js';
import type { RunCurve, XAxis } from './run_curve.js';

/** Style that all figures of learning curves have in common, in Vega-Lite's terms. */

export const WIDTH = 640;

export const X_TITLES: Record<XAxis, string> = {
  env_steps: 'environment steps',
  seconds: 'training time (s)',
};

/** The title of the axis x of these curves: steps are those that their runs are logged by. */
export function titleOfX(x: XAxis, curves: readonly Pick<RunCurve, 'config'>[]): string {
  const kinds = new Set(curves.flatMap(({ config }) => countedKinds(plannedSteps(config.train))));
  if (x === 'seconds' || !kinds.has('offlineSteps')) return X_TITLES[x];
  return kinds.has('envSteps') ? `offline updates and ${X_TITLES[x]}` : 'offline updates';
}

/** Metrics with a title of their own; any other goes by its name. */
export const METRIC_TITLES: Record<string, string> = {
  'eval/success_at_end': 'success at the end of an episode',
  'eval/success_once': 'success at any step of an episode',
  'eval/return': 'return of an evaluation episode',
};

/** Axes of x begin at 0 and end with the last point. */
export const X_SCALE = { nice: false, zero: true } as const;

/** The band of a mean curve, from its `min` to its `max`. */
export const BAND = { y: { field: 'min', type: 'quantitative' }, y2: { field: 'max' } } as const;

/** A legend of lines below the curves. */
export const LEGEND = {
  orient: 'bottom',
  columns: 1,
  offset: 8,
  symbolType: 'stroke',
  symbolOpacity: 1,
} as const;

export const LEGEND_TEXT = {
  labelFontSize: 11,
  titleFontSize: 11,
  titleFontWeight: 'normal',
  titleLimit: WIDTH,
  labelLimit: WIDTH,
} as const;
