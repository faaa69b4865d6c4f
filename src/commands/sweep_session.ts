import { fileURLToPath } from 'node:url';
import { printResult } from '../console.js';
import { duration } from '../duration.js';
import { createFolder } from '../files/folders.js';
import { removeStrays } from '../files/temporary_names.js';
import { availableThreads } from '../runtime/thread_count.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import { estimateSeconds } from '../sweep/estimate.js';
import type { SweepPoint } from '../sweep/grid.js';
import { type Action, type PlannedPoint, planSweep } from '../sweep/plan.js';
import { earlierProgress } from '../sweep/point_progress.js';
import { trainingsSideBySide } from '../sweep/side_by_side.js';
import { showSweep } from '../sweep/sweep_display.js';
import { type PointStatus, SweepRun } from '../sweep/sweep_run.js';
import { checkFree, keepStatus, readStatus, type WorkPlace } from '../training/folder/run_status.js';
import { startNotes } from '../training/idle_settings.js';
import { plannedSteps } from '../training/phases/schedules.js';
import { freshProgress, stepsLeft, stepsSum, stepsText } from '../training/run_progress.js';

/** Trainings to carry out side by side in one folder, and the use that is made of them. */
export interface SweepSession {
  place: WorkPlace;
  /** The folder of all runs, by whose pace the time is estimated. */
  workspace: string;
  points: readonly SweepPoint[];
  /** Advice for when the folder holds something else. */
  advice: string;
  /** Trainings at a time; undefined: as many as the machine has room for. */
  workers: number | undefined;
  /** True says what would be done, and does nothing. */
  dryRun: boolean;
  /** Writes the results so far: whenever a training ends, and in the end. */
  save(statuses: readonly PointStatus[]): Promise<void>;
  /** Shows the results in the end. */
  report(statuses: readonly PointStatus[]): Promise<void>;
}

/** The program that each training is started with. */
const CLI_PATH = fileURLToPath(new URL('../cli.js', import.meta.url));

/**
 * Trains what is left of a session's points, or says what would be done. The exit code of the process tells how it ended.
 */
export async function runSweepSession(session: SweepSession): Promise<void> {
  const { place, workspace, points, advice, workers: wanted, dryRun } = session;
  checkFree(place, readStatus(place));
  const plan = () => planSweep(place.path, points, advice);
  const planned = await plan();
  const open = planned.filter(({ action }) => action !== 'skip').length;
  const workers = Math.max(1, Math.min(wanted ?? trainingsSideBySide(), open));
  if (dryRun) for (const point of planned) await printResult(`${point.name}: ${ACTION_TEXTS[point.action]}`);
  for (const note of newRunNotes(planned)) console.log(note);
  console.log(`${place.path}: ${estimateText(planned, workers, workspace)}`);
  if (dryRun) return;
  createFolder(place.path);
  // Until here, another call of the same sweep may have done some of it.
  await keepStatus(place, async () => trainPoints(await plan(), workers, session));
}

/** Trains the points that are left and shows the results. Resolves to true if all of it is finished. */
async function trainPoints(
  points: readonly PlannedPoint[],
  workers: number,
  { place, save, report }: SweepSession,
): Promise<boolean> {
  removeStrays(place.path);
  const run = new SweepRun(points, { cliPath: CLI_PATH, threads: threadsEach(workers) });
  const stopped = await trainAll(run, workers, () => save(run.statuses));
  await save(run.statuses);
  await report(run.statuses);
  const isOpen = run.statuses.some(({ state }) => state !== 'finished');
  if (run.statuses.some(({ state }) => state === 'failed')) process.exitCode = 1;
  else if (stopped || isOpen) process.exitCode = INTERRUPTED_EXIT_CODE;
  return !isOpen;
}

/** Lines about points that failed, and how to go on with what is not finished. */
export function openLines(statuses: readonly PointStatus[]): string[] {
  const failed = statuses.filter(({ state }) => state === 'failed');
  const lines = failed.map(({ point, error }) => `${point.name} failed: ${error}`);
  const isOpen = statuses.some(({ state }) => state !== 'finished');
  return isOpen ? [...lines, 'the same command again goes on with what is not finished'] : lines;
}

/** Trains the points that are left, saving the results whenever a training ends. Resolves to true if it was stopped. */
async function trainAll(run: SweepRun, workers: number, save: () => Promise<void>): Promise<boolean> {
  const display = showSweep(run, process.stderr);
  const stop = listenForStop(() => {
    display.note('stopping: each training saves first; once more leaves them to it');
    run.stop();
  });
  // Two trainings may end at once, and there is one file.
  let saved = Promise.resolve();
  try {
    await run.run(workers, {
      started: display.changed,
      ended(status) {
        display.changed(status);
        saved = saved.then(save);
        return saved;
      },
    });
    return stop.signal.aborted;
  } finally {
    display.stop();
    stop.release();
  }
}

/** Notes for the user on the runs that are to be started, each once. */
function newRunNotes(points: readonly PlannedPoint[]): Set<string> {
  const begun = points.filter(({ action }) => action === 'start' || action === 'restart');
  return new Set(begun.flatMap(({ config }) => startNotes(config, freshProgress(config))));
}

const ACTION_TEXTS: Record<Action, string> = {
  start: 'to be trained',
  restart: 'to be trained from the start: it was ended before its first checkpoint',
  resume: 'to be resumed',
  skip: 'finished',
};

function estimateText(points: readonly PlannedPoint[], workers: number, workspace: string): string {
  const open = points.filter(({ action }) => action !== 'skip');
  const done = points.length - open.length;
  const runs = `${points.length} runs${done > 0 ? `, ${done} finished` : ''}`;
  if (open.length === 0) return runs;
  const left = open.map((point) => stepsLeft(plannedSteps(point.config.train), earlierProgress(point)));
  const steps = stepsText(stepsSum(left), (number) => number.toLocaleString('en-US'));
  const all = `${runs}, ${open.length} to train with ${steps}, ${workers} at a time`;
  const time = estimateSeconds(open, workers, workspace);
  return time
    ? `${all}; about ${duration(time.seconds)}, by the pace of ${time.numRuns} finished runs in ${workspace}`
    : `${all}; how long that takes shows once one is under way`;
}

/** The share of the processor that each training gets; more than two threads don't help one. */
function threadsEach(workers: number): number {
  return Math.max(1, Math.min(2, Math.floor(availableThreads() / workers)));
}
