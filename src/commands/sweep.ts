import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { commandText } from '../command_text.js';
import { shortKey } from '../config/flatten.js';
import { DEFAULT_CONFIG } from '../config/load.js';
import { isRunName, RUN_NAME_RULE } from '../config/run_name.js';
import { splitWords } from '../config/words.js';
import { printResult } from '../console.js';
import { duration } from '../duration.js';
import { createFolder } from '../files/folders.js';
import { removeStrays } from '../files/temporary_names.js';
import { defaultMetric, metricToDraw } from '../plot/run_curve.js';
import { availableThreads } from '../runtime/thread_count.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import { estimateSeconds } from '../sweep/estimate.js';
import { type Sweep, sweepGrid } from '../sweep/grid.js';
import { type Action, type PlannedPoint, planSweep } from '../sweep/plan.js';
import { earlierProgress } from '../sweep/point_progress.js';
import { collectResults, writeResults } from '../sweep/results.js';
import { trainingsSideBySide } from '../sweep/side_by_side.js';
import { showSweep } from '../sweep/sweep_display.js';
import { SweepRun } from '../sweep/sweep_run.js';
import { resultsTable, totals } from '../sweep/tables.js';
import { checkOutsideRuns } from '../training/folder/run_folder.js';
import { checkFree, keepStatus, readStatus } from '../training/folder/run_status.js';
import { startNotes } from '../training/idle_settings.js';
import { plannedSteps } from '../training/phases/schedules.js';
import { freshProgress, stepsLeft, stepsSum, stepsText } from '../training/run_progress.js';
import { positiveInteger } from './arguments.js';

interface Flags {
  name?: string;
  workers?: number;
  dryRun: boolean;
}

/** The program that each training is started with. */
const CLI_PATH = fileURLToPath(new URL('../cli.js', import.meta.url));
const OTHER_VALUES_ADVICE = 'give the sweep another --name, or remove that folder';

/** The command `rlpd sweep [config.yml] seed=1..5 rlpd.num_qs=2,10`. */
export function sweepCommand(): Command {
  return new Command('sweep')
    .description(
      'train a grid of configurations side by side; the same command again goes on with what is left',
    )
    .argument(
      '<config and overrides...>',
      `a YAML file (default ${DEFAULT_CONFIG}), then key=value overrides, of which some have a list (2,10) or a ` +
        'range (1..5)',
    )
    .option(
      '--name <name>',
      'the folder of its runs (default: after the recipe and the keys that vary)',
      folderName,
    )
    .option(
      '--workers <n>',
      'trainings at a time (default: one a processor and 2 GiB of memory)',
      positiveInteger,
    )
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .action(sweep);
}

async function sweep(words: string[], { name, workers: wanted, dryRun }: Flags): Promise<void> {
  const { path: recipe = DEFAULT_CONFIG, overrides } = splitWords(words);
  const grid = sweepGrid(recipe, overrides);
  const { workspace } = grid.points[0].config.logger;
  const sweepName = name ?? defaultName(recipe, grid);
  checkOutsideRuns(workspace, sweepName);
  const sweepPath = join(workspace, sweepName);
  const place = { path: sweepPath, statusPath: join(sweepPath, 'sweep.json') };
  checkFree(place, readStatus(place));
  const plan = () => planSweep(sweepPath, grid.points, OTHER_VALUES_ADVICE);
  const planned = await plan();
  const open = planned.filter(({ action }) => action !== 'skip').length;
  const workers = Math.max(1, Math.min(wanted ?? trainingsSideBySide(), open));
  if (dryRun) for (const point of planned) await printResult(`${point.name}: ${ACTION_TEXTS[point.action]}`);
  for (const note of newRunNotes(planned)) console.log(note);
  console.log(`${sweepPath}: ${estimateText(planned, workers, workspace)}`);
  if (dryRun) return;
  createFolder(sweepPath);
  // Until here, another call of the same sweep may have done some of it.
  await keepStatus(place, async () => trainPoints(await plan(), workers, { recipe, grid, sweepPath }));
}

/** Trains the points of a sweep that are left and prints the results. Resolves to true if all of it is finished. */
async function trainPoints(
  points: readonly PlannedPoint[],
  workers: number,
  { recipe, grid, sweepPath }: { recipe: string; grid: Sweep; sweepPath: string },
): Promise<boolean> {
  removeStrays(sweepPath);
  const run = new SweepRun(points, { cliPath: CLI_PATH, threads: threadsEach(workers) });
  const stopped = await trainAll(run, workers, () =>
    writeResults(sweepPath, grid.axes, collectResults(recipe, run.statuses)),
  );
  const results = collectResults(recipe, run.statuses);
  await writeResults(sweepPath, grid.axes, results);
  console.log(resultsTable(grid.axes, results));
  report(run, sweepPath, stopped);
  return run.statuses.every(({ state }) => state === 'finished');
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

function report(run: SweepRun, sweepPath: string, stopped: boolean): void {
  console.log(`${join(sweepPath, 'results.json')}, results.csv: ${totals(run.statuses)}`);
  const failed = run.statuses.filter(({ state }) => state === 'failed');
  for (const { point, error } of failed) console.log(`${point.name} failed: ${error}`);
  const isOpen = run.statuses.some(({ state }) => state !== 'finished');
  if (isOpen) console.log('the same command again goes on with what is not finished');
  const finished = run.statuses.filter(({ state }) => state === 'finished');
  const metric = finished.map(({ point }) => metricToDraw(point.path)).find((name) => name !== null);
  if (metric !== undefined) {
    const isDefault = run.statuses.every(({ point }) => defaultMetric(point.config) === metric);
    const choice = isDefault ? [] : ['--metric', metric];
    const picture = join(sweepPath, 'curves.png');
    console.log(`draw it with: ${commandText('plot', sweepPath, ...choice, '--out', picture)}`);
  }
  if (failed.length > 0) process.exitCode = 1;
  else if (stopped || isOpen) process.exitCode = INTERRUPTED_EXIT_CODE;
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

/** The default name of a sweep, `sweep-default-num_qs-seed`, in whatever order the keys are given. */
function defaultName(recipe: string, { axes }: Sweep): string {
  const keys = axes.map(({ key }) => shortKey(key)).sort();
  return ['sweep', basename(recipe, extname(recipe)), ...keys].join('-');
}

/** The share of the processor that each training gets; more than two threads don't help one. */
function threadsEach(workers: number): number {
  return Math.max(1, Math.min(2, Math.floor(availableThreads() / workers)));
}

function folderName(text: string): string {
  if (isRunName(text)) return text;
  throw new InvalidArgumentError(`Expected a folder name of ${RUN_NAME_RULE}.`);
}
