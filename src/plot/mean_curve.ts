import { UserError } from '../errors.js';
import type { CurveGroup } from './grouping.js';
import type { Curve, CurvePoint } from './run_curve.js';

/** A point of a group's curve: the mean over its runs, the lowest and the highest. */
export interface MeanPoint {
  x: number;
  mean: number;
  min: number;
  max: number;
}

/** The curve of a group. */
export interface MeanCurve {
  label: string;
  numRuns: number;
  points: MeanPoint[];
  /** True if some runs have points where others have none. */
  interpolated: boolean;
  /** The run that ends before the others, and the curve with it; null if all end together. */
  endedBy: string | null;
}

/**
 * The mean curve of a group and its spread. It has a point wherever one of the runs has one; the others are
 * interpolated linearly between their neighbouring points. It covers only what all runs cover: a mean that loses or
 * gains a run on its way would jump for no other reason. Throws a UserError if the runs have nothing in common.
 */
export function meanCurve({ label, runs }: CurveGroup): MeanCurve {
  const startsLast = runs.reduce((last, run) => (startOf(run) > startOf(last) ? run : last));
  const endsFirst = runs.reduce((first, run) => (endOf(run) < endOf(first) ? run : first));
  const [start, end] = [startOf(startsLast), endOf(endsFirst)];
  if (start > end) {
    throw new UserError(
      `"${label}": ${startsLast.path} begins after ${endsFirst.path} ends; draw one of them alone`,
    );
  }
  const isCovered = (x: number) => x >= start && x <= end;
  const places = runs.map(({ points }) => new Set(points.map(({ x }) => x).filter(isCovered)));
  const grid = [...new Set(places.flatMap((xs) => [...xs]))].sort((one, other) => one - other);
  const points = grid.map((x) => {
    const values = runs.map((run) => interpolate(run.points, x));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { x, mean, min: Math.min(...values), max: Math.max(...values) };
  });
  return {
    label,
    numRuns: runs.length,
    points,
    interpolated: places.some((xs) => xs.size < grid.length),
    endedBy: runs.some((run) => endOf(run) > end) ? endsFirst.path : null,
  };
}

function startOf({ points }: Curve): number {
  return points[0].x;
}

function endOf({ points }: Curve): number {
  return points[points.length - 1].x;
}

/** The value at `x`, which lies between the first and the last point. */
function interpolate(points: readonly CurvePoint[], x: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].x < x) low = middle + 1;
    else high = middle;
  }
  const after = points[low];
  if (after.x === x) return after.y;
  const before = points[low - 1];
  return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x);
}
