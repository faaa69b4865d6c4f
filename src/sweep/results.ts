import { join } from 'node:path';
import type { Measure } from '../../envs/success.js';
import { measureOf } from '../config/task.js';
import { csvText } from '../csv.js';
import { writeFileAtomic } from '../files/atomic.js';
import { type RunResults, readRun } from '../runs/run_record.js';
import type { SweepAxis } from './grid.js';
import type { PointStatus } from './sweep_run.js';

/** The result of one point, with the names that `results.json` and `results.csv` have. */
interface PointResult {
  name: string;
  values: Record<string, string>;
  status: PointStatus['state'];
  clone_steps: number;
  offline_steps: number;
  env_steps: number;
  /** Updates of the phases offline and online; null until a checkpoint tells. */
  updates: number | null;
  /** The measure of the next three: as the task is judged. */
  judged_by: Measure;
  last_score: number | null;
  /** The mean of the last five evaluations, or of all if there are fewer. */
  final_score: number | null;
  best_score: number | null;
  /** Offline updates and env steps before the first evaluation with the best score. */
  best_at_steps: number | null;
  /** The final and the best score between random, 0, and expert, 100; null where the task has no reference scores. */
  final_normalized: number | null;
  best_normalized: number | null;
  seconds: number;
  error: string | null;
}

/**
 * Statistics of a number over the seeds of a variant. `std` is the sample's standard deviation, null for a single seed.
 */
export interface Spread {
  mean: number;
  std: number | null;
  min: number;
  max: number;
}

/** The finished points that differ only in their seed. */
export interface Variant {
  values: Record<string, string>;
  points: number;
  finished: number;
  judged_by: Measure;
  /** Score in the last evaluations; null while no point is finished and evaluated. */
  last_score: Spread | null;
  final_score: Spread | null;
  best_score: Spread | null;
  /** The same two between random, 0, and expert, 100; null where the task has no reference scores. */
  final_normalized: Spread | null;
  best_normalized: Spread | null;
  updates: Spread | null;
  seconds: Spread | null;
}

export interface SweepResults {
  recipe: string;
  points: PointResult[];
  variants: Variant[];
}

/** Collects the results of a sweep's points from their run folders. */
export function collectResults(recipe: string, statuses: readonly PointStatus[]): SweepResults {
  const points = statuses.map(pointResult);
  return { recipe, points, variants: variants(points) };
}

/** Writes `results.json` and `results.csv` into the sweep's folder, in place of those of an earlier call. */
export async function writeResults(
  sweepPath: string,
  axes: readonly SweepAxis[],
  results: SweepResults,
): Promise<void> {
  await writeFileAtomic(join(sweepPath, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  await writeFileAtomic(join(sweepPath, 'results.csv'), csv(axes, results.points));
}

const NOTHING: Omit<RunResults, 'judgedBy'> = {
  cloneSteps: 0,
  offlineSteps: 0,
  envSteps: 0,
  seconds: 0,
  best: null,
  lastScore: null,
  finalScore: null,
  normalized: null,
  updates: null,
};

function pointResult({ point, state, error }: PointStatus): PointResult {
  const { cloneSteps, offlineSteps, envSteps, updates, ...results } = resultsOf(point.path);
  const { seconds, best, lastScore, normalized } = results;
  return {
    name: point.name,
    values: point.values,
    status: state,
    clone_steps: cloneSteps,
    offline_steps: offlineSteps,
    env_steps: envSteps,
    updates,
    judged_by: measureOf(point.config),
    last_score: lastScore,
    final_score: results.finalScore,
    best_score: best?.score ?? null,
    best_at_steps: best?.steps ?? null,
    final_normalized: normalized?.final ?? null,
    best_normalized: normalized?.best ?? null,
    seconds,
    error,
  };
}

/** The results in a run folder; empty if there is none, since the point waits or failed as it began. */
function resultsOf(path: string): Omit<RunResults, 'judgedBy'> {
  try {
    return readRun(path).results;
  } catch {
    return NOTHING;
  }
}

/** The results of finished points by variant. */
export function collectVariants(statuses: readonly PointStatus[]): Variant[] {
  return variants(statuses.map(pointResult));
}

function variants(points: readonly PointResult[]): Variant[] {
  const groups = new Map<string, PointResult[]>();
  for (const point of points) {
    const { seed: _, ...values } = point.values;
    const key = JSON.stringify(values);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups].map(([key, members]) => {
    const finished = members.filter(({ status }) => status === 'finished');
    return {
      values: JSON.parse(key),
      points: members.length,
      finished: finished.length,
      judged_by: members[0].judged_by,
      last_score: spread(finished.map((point) => point.last_score)),
      final_score: spread(finished.map((point) => point.final_score)),
      best_score: spread(finished.map((point) => point.best_score)),
      final_normalized: spread(finished.map((point) => point.final_normalized)),
      best_normalized: spread(finished.map((point) => point.best_normalized)),
      updates: spread(finished.map((point) => point.updates)),
      seconds: spread(finished.map((point) => point.seconds)),
    };
  });
}

function spread(entries: readonly (number | null)[]): Spread | null {
  const values = entries.filter((value) => value !== null);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

function csv(axes: readonly SweepAxis[], points: readonly PointResult[]): string {
  const keys = axes.map(({ key }) => key);
  const rows = points.map(({ values, ...rest }) => ({ ...values, ...rest }) as Record<string, unknown>);
  const columns = [
    'name',
    ...keys,
    ...Object.keys(rows[0]).filter((key) => key !== 'name' && !keys.includes(key)),
  ];
  return csvText(columns, rows);
}
