import type { CurveGroup } from './grouping.js';
import type { CurvePoint } from './run_curve.js';

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
  /** Whether some runs have points where others have none. */
  interpolated: boolean;
  /** The run that ends before the others, and the curve with it; null if all end together. */
  endedBy: string | null;
}

/**
 * The mean curve of a group and its spread. It has a point wherever one of the runs has one; the others are
 * interpolated linearly between their neighbouring points. It covers only what all runs cover: a mean that loses
 * or gains a run on its way would jump for no other reason.
 */
export function meanCurve({ label, runs }: CurveGroup): MeanCurve {
  const start = Math.max(...runs.map(({ points }) => points[0].x));
  const end = Math.min(...runs.map(({ points }) => points[points.length - 1].x));
  const everyX = new Set(runs.flatMap(({ points }) => points.map(({ x }) => x)));
  const grid = [...everyX].filter((x) => x >= start && x <= end).sort((one, other) => one - other);
  const points = grid.map((x) => {
    const values = runs.map((run) => interpolate(run.points, x));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { x, mean, min: Math.min(...values), max: Math.max(...values) };
  });
  const endsFirst = runs.find((run) => run.points[run.points.length - 1].x === end)!;
  return {
    label,
    numRuns: runs.length,
    points,
    interpolated: runs.some((run) => grid.some((x) => !run.points.some((point) => point.x === x))),
    endedBy: Math.max(...everyX) > end ? endsFirst.path : null,
  };
}

/** The value at `x`, which lies between the first and the last point. */
function interpolate(points: readonly CurvePoint[], x: number): number {
  const next = points.findIndex((point) => point.x >= x);
  const after = points[next];
  if (after.x === x) return after.y;
  const before = points[next - 1];
  return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x);
}
