import { join } from 'node:path';
import { duration } from '../../src/duration.js';
import { createFolder } from '../../src/files/folders.js';
import { availableThreads } from '../../src/runtime/thread_count.js';
import { trainingsSideBySide } from '../../src/sweep/side_by_side.js';
import { showSweep } from '../../src/sweep/sweep_display.js';
import { type PointStatus, SweepRun } from '../../src/sweep/sweep_run.js';
import { ensureDataset } from './datasets.js';
import { isStarted, type PlannedRowPoint, planRow, type RowPoint, rowPoints, secondsLeft } from './points.js';
import { CLI_PATH } from './programs.js';
import { needsRealDemos, type TrainingRow } from './rows/row.js';
import { noteEnd, noteFirstStart, noteResumption, settleStartup } from './start_record.js';
import { mergeSummaries, summariseRun } from './summaries/summarise_run.js';
import { hasEnded, readRunSummaries, writeSummaries } from './summaries/summary_files.js';

/** Options for making rows. */
export interface ResultsOptions {
  /** Folder of runs and summaries. */
  folder: string;
  /** The seeds of a row to make; null: all. */
  seeds: readonly number[] | null;
  /** True for only those trainings of which there is no summary of a finished one, wherever that was trained. */
  onlyMissing: boolean;
  /** Folder of ManiSkill's demonstrations; null: rows that need them are left out. */
  realDemos: string | null;
  /** Folder of datasets of other programs; null: comparisons on them are left out. */
  offlineData: string | null;
  /** A Python with ManiSkill and ONNX Runtime; null: rows that need it are left out. */
  python: string | null;
  stop: AbortSignal;
}

/**
 * Makes the runs of a row that are not finished, one after the other, or side by side if the row is not timed, and
 * keeps their summaries. Returns false if one has failed. Throws a UserError for what `planRow` refuses.
 */
export async function makeTrainingRow(row: TrainingRow, options: ResultsOptions): Promise<boolean> {
  if (needsRealDemos(row) && options.realDemos === null) {
    console.log(`${row.id}: skipped, it needs ManiSkill's demonstrations: give --real-demos <folder>`);
    return true;
  }
  for (const dataset of row.datasets) await ensureDataset(dataset, options.stop);
  const rowFolder = join(options.folder, row.id);
  createFolder(rowFolder);
  const points = wantedPoints(row, options);
  const planned = await planRow(row, rowFolder, points);
  await keepSummaries(
    row,
    options.folder,
    planned.filter(({ action }) => action === 'skip' || action === 'resume'),
  );
  const run = new SweepRun(planned, { cliPath: CLI_PATH, threads: row.isTimed ? availableThreads() : 1 });
  const waiting = run.statuses.filter(({ state }) => state === 'waiting').length;
  console.log(`${row.id}: ${waiting} of ${planned.length} still to train${limitOf(row)}`);
  if (waiting > 0) await trainAll(row, run, options);
  const failed = run.statuses.filter(({ state }) => state === 'failed');
  for (const { point, error } of failed) console.log(`${point.path} failed: ${error}`);
  return failed.length === 0;
}

function limitOf({ limitMinutes }: TrainingRow): string {
  return limitMinutes === null ? '' : `, each for at most ${duration(60 * limitMinutes)}`;
}

/** The trainings of a row that are wanted, whether they are finished here or not. */
export function wantedPoints(
  row: TrainingRow,
  {
    folder,
    seeds,
    onlyMissing,
    realDemos,
  }: Pick<ResultsOptions, 'folder' | 'seeds' | 'onlyMissing' | 'realDemos'>,
): RowPoint[] {
  const points = rowPoints(row, seedsOf(row, seeds), realDemos);
  if (!onlyMissing) return points;
  const known = readRunSummaries(folder, row.id).filter(hasEnded);
  return points.filter(({ command }) => !known.some((run) => run.command === command));
}

/** The seeds of a row that are wanted; null: all. */
export function seedsOf({ seeds }: TrainingRow, wanted: readonly number[] | null): number[] {
  return seeds.filter((seed) => wanted === null || wanted.includes(seed));
}

/** A training under way. */
interface Training {
  /** Its start by `performance.now()`. */
  since: number;
  limit?: NodeJS.Timeout;
}

async function trainAll(row: TrainingRow, run: SweepRun, { folder, stop }: ResultsOptions): Promise<void> {
  const display = showSweep(run, process.stderr);
  const onStop = () => {
    display.note('stopping: the training saves first');
    run.stop();
  };
  stop.addEventListener('abort', onStop);
  if (stop.aborted) run.stop();
  const running = new Map<PointStatus, Training>();
  let kept = Promise.resolve();
  try {
    await run.run(row.isTimed ? 1 : trainingsSideBySide(), {
      async started(status) {
        const training: Training = { since: performance.now() };
        running.set(status, training);
        const point = plannedPoint(status);
        if (point.action === 'resume') await noteResumption(point.path);
        else await noteFirstStart(point.path, point.command);
        const left = secondsLeft(row, point.path);
        if (left < Infinity) training.limit = setTimeout(() => run.stopPoint(status), 1000 * left);
        display.changed(status);
      },
      async ended(status) {
        const { since, limit } = running.get(status)!;
        clearTimeout(limit);
        const point = plannedPoint(status);
        await noteEnd(point.path, (performance.now() - since) / 1000);
        display.changed(status);
        if (!isStarted(point)) return;
        await settleStartup(point.path);
        // One at a time: each reads the file and writes it anew.
        kept = kept.then(() => keepSummaries(row, folder, [point]));
        await kept;
      },
    });
  } finally {
    for (const { limit } of running.values()) clearTimeout(limit);
    display.stop();
    stop.removeEventListener('abort', onStop);
  }
}

async function keepSummaries(
  row: TrainingRow,
  folder: string,
  points: readonly PlannedRowPoint[],
): Promise<void> {
  const newer = await Promise.all(points.map((point) => summariseRun(row, point, point.path)));
  await writeSummaries(folder, row.id, mergeSummaries(row, readRunSummaries(folder, row.id), newer));
}

/** The planned training of a status: the sweep returns the very points that it was given. */
function plannedPoint({ point }: PointStatus): PlannedRowPoint {
  return point as PlannedRowPoint;
}
