import { existsSync } from 'node:fs';
import { DEFAULT_CONFIG, loadConfig } from '../../src/config/load.js';
import type { SweepPoint } from '../../src/sweep/grid.js';
import { type PlannedPoint, planSweep } from '../../src/sweep/plan.js';
import { runFolderAt } from '../../src/training/folder/run_folder.js';
import { REAL_DEMOS, type TrainingRow, type Variant } from './rows/row.js';
import { readStart, settleStartup } from './start_record.js';

/** One training of a row. */
export interface RowPoint extends SweepPoint {
  variant: string;
  seed: number;
  /** The command as a user would type it, without the place of the run. */
  command: string;
}

/** A row's training with its place and the action to take. */
export type PlannedRowPoint = RowPoint & PlannedPoint;

/**
 * The trainings of a row, by seed first: a row that is stopped early has as many seeds of every variant. `realDemos`
 * is the folder of ManiSkill's demonstrations; without it, those trainings can be named but not started. Throws a
 * UserError if a variant's config is wrong.
 */
export function rowPoints(row: TrainingRow, seeds: readonly number[], realDemos: string | null): RowPoint[] {
  return seeds.flatMap((seed) => row.variants.map((variant) => pointOf(variant, seed, realDemos)));
}

/**
 * Plans the runs of `points` in `rowFolder`. A run that has used up the row's time is skipped. Throws a UserError if
 * a dataset is of no use, or if a run there was made with other values or is being trained.
 */
export async function planRow(
  row: TrainingRow,
  rowFolder: string,
  points: readonly RowPoint[],
): Promise<PlannedRowPoint[]> {
  const advice = 'move or remove that folder to have it made anew';
  const planned = await planSweep(rowFolder, points, advice);
  return Promise.all(
    planned.map(async ({ path, action }, i) => {
      const point = { ...points[i], path, action };
      if (action === 'start' || action === 'restart') return point;
      await settleStartup(path);
      return secondsLeft(row, path) > 0 ? point : { ...point, action: 'skip' as const };
    }),
  );
}

/** Seconds that the run in `runPath` may still train; Infinity without a limit. */
export function secondsLeft({ limitMinutes }: TrainingRow, runPath: string): number {
  return limitMinutes === null ? Infinity : 60 * limitMinutes - readStart(runPath).spent;
}

/** True if the run has a configuration, so that it can be summarised. */
export function isStarted({ path }: PlannedPoint): boolean {
  return existsSync(runFolderAt(path).configPath);
}

function pointOf(
  { name: variant, config: recipe, overrides }: Variant,
  seed: number,
  realDemos: string | null,
) {
  const words = [`seed=${seed}`, ...overrides];
  const resolved = words.map((word) => word.replaceAll(REAL_DEMOS, realDemos ?? REAL_DEMOS));
  const config = loadConfig(recipe, resolved);
  const file = recipe === DEFAULT_CONFIG ? [] : [recipe];
  return {
    name: `${variant}-seed${seed}`,
    values: { variant, seed: String(seed) },
    recipe,
    overrides: resolved,
    config,
    variant,
    seed,
    command: ['npm run train --', ...file, ...words].join(' '),
  };
}
