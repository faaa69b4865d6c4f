import { join } from 'node:path';
import { comparisonGrid } from '../../src/compare/grid.js';
import { createFolder } from '../../src/files/folders.js';
import { fileExists } from '../../src/files/reading.js';
import type { SweepPoint } from '../../src/sweep/grid.js';
import { type PlannedPoint, planSweep } from '../../src/sweep/plan.js';
import { trainingsSideBySide } from '../../src/sweep/side_by_side.js';
import { showSweep } from '../../src/sweep/sweep_display.js';
import { type PointStatus, SweepRun } from '../../src/sweep/sweep_run.js';
import type { ResultsOptions } from './make_training_row.js';
import { isStarted } from './points.js';
import { CLI_PATH } from './programs.js';
import { type ComparedData, type ComparisonBlock, type ComparisonRow, OFFLINE_DATA } from './rows/row.js';
import { noteEnd, noteFirstStart, noteResumption } from './start_record.js';
import { addComparisonRuns, readComparisonRuns } from './summaries/comparison_files.js';
import { summariseComparisonRun } from './summaries/summarise_comparison_run.js';
import { ensureTier } from './tiers/make_tiers.js';

/** A training of a comparison. */
interface WantedRun {
  data: ComparedData;
  algorithm: string;
  seed: number;
  command: string;
}

/** The command that makes one training of a block, as a user would type it. */
export function comparisonCommand(
  { overrides }: ComparisonBlock,
  { path, envId }: ComparedData,
  algorithm: string,
  seed: number | string,
): string {
  const lists = [`algorithms=${algorithm}`, `datasets=${path}`, `seeds=${seed}`, `env.env_id=${envId}`];
  const words = overrides.map((word) => (word.includes(' ') ? `'${word}'` : word));
  return ['npm run rlpd -- compare', ...lists, ...words].join(' ');
}

/**
 * Makes the trainings of a comparison that are not finished, as many at a time as there are processors, block after block, and
 * keeps their results. Data of tiers are made first; a dataset that is not where the user says is left out, with a note. Returns
 * false if a training has failed.
 */
export async function makeComparisonRow(row: ComparisonRow, options: ResultsOptions): Promise<boolean> {
  let isWell = true;
  for (const block of row.blocks) {
    if (options.stop.aborted) break;
    isWell = (await makeBlock(row, block, options)) && isWell;
  }
  return isWell;
}

/** The trainings of a block that are wanted: by its seeds, and only those without a result if that is asked for. */
export function wantedRuns(
  row: ComparisonRow,
  block: ComparisonBlock,
  { folder, seeds, onlyMissing }: Pick<ResultsOptions, 'folder' | 'seeds' | 'onlyMissing'>,
): WantedRun[] {
  const known = readComparisonRuns(folder, row.id).filter(({ state }) => state === 'finished');
  const all = block.seeds
    .filter((seed) => seeds === null || seeds.includes(seed))
    .flatMap((seed) =>
      block.datasets.flatMap((data) =>
        block.algorithms.map((algorithm) => {
          const command = comparisonCommand(block, data, algorithm, seed);
          return { data, algorithm, seed, command };
        }),
      ),
    );
  return onlyMissing ? all.filter(({ command }) => !known.some((run) => run.command === command)) : all;
}

async function makeBlock(
  row: ComparisonRow,
  block: ComparisonBlock,
  options: ResultsOptions,
): Promise<boolean> {
  const { folder } = options;
  const wanted = wantedRuns(row, block, options);
  // The names that a comparison gives its runs.
  const commands = new Map(
    wanted.map(({ data, algorithm, seed, command }) => [`${algorithm}_${data.label}_seed-${seed}`, command]),
  );
  const commandOf = ({ name }: PlannedPoint) => commands.get(name)!;
  const points = await pointsOf(row, block, wanted, options);
  const asked = points.filter(({ name }) => commands.has(name));
  if (asked.length === 0) return true;
  const rowFolder = join(folder, row.id);
  createFolder(rowFolder);
  const planned = await planSweep(rowFolder, asked, 'move or remove that folder to have it made anew');
  const done = planned.filter(({ action }) => action === 'skip');
  const results = done.map((point) => summariseComparisonRun(point, commandOf(point)));
  await addComparisonRuns(folder, row.id, await Promise.all(results));
  const run = new SweepRun(planned, { cliPath: CLI_PATH, threads: 1 });
  console.log(`${row.id}: ${planned.length - done.length} of ${planned.length} still to train`);
  if (done.length < planned.length) await trainAll(row, run, options, commandOf);
  const failed = run.statuses.filter(({ state }) => state === 'failed');
  for (const { point, error } of failed) console.log(`${point.path} failed: ${error}`);
  return failed.length === 0;
}

/** All trainings of a block on those of the wanted datasets that are there. */
async function pointsOf(
  row: ComparisonRow,
  { algorithms, datasets, overrides }: ComparisonBlock,
  wanted: readonly WantedRun[],
  options: ResultsOptions,
): Promise<SweepPoint[]> {
  const there: ComparedData[] = [];
  for (const data of datasets) {
    const isWanted = wanted.some((run) => run.data.label === data.label);
    if (isWanted && (await isThere(row, data, options))) there.push(data);
  }
  if (there.length === 0) return [];
  const { points } = await comparisonGrid({
    algorithms: [...algorithms],
    datasets: there.map((data) => pathOf(data, options)),
    environments: there.map(({ envId }) => envId),
    seeds: [...new Set(wanted.map(({ seed }) => String(seed)))],
    overrides: [...overrides],
  });
  return points;
}

/** True if a dataset can be learnt from: a tier is made now if it is not there. Says what is missing. */
async function isThere(row: ComparisonRow, data: ComparedData, options: ResultsOptions): Promise<boolean> {
  if (data.tier !== null) {
    await ensureTier(data.envId, data.tier, options.stop);
    return true;
  }
  const left = 'its lines stay as they are';
  if (options.offlineData === null) {
    console.log(`${row.id}: ${data.label} is needed, ${left}: give --offline-data <folder>`);
    return false;
  }
  const path = pathOf(data, options);
  if (await fileExists(path)) return true;
  console.log(`${row.id}: there is no ${path}, ${left}`);
  return false;
}

function pathOf({ path }: ComparedData, { offlineData }: ResultsOptions): string {
  return path.replace(OFFLINE_DATA, () => offlineData ?? OFFLINE_DATA);
}

async function trainAll(
  row: ComparisonRow,
  run: SweepRun,
  { folder, stop }: ResultsOptions,
  commandOf: (point: PlannedPoint) => string,
): Promise<void> {
  const display = showSweep(run, process.stderr);
  const onStop = () => {
    display.note('stopping: the trainings save first');
    run.stop();
  };
  stop.addEventListener('abort', onStop);
  if (stop.aborted) run.stop();
  const since = new Map<PointStatus, number>();
  let kept = Promise.resolve();
  try {
    await run.run(trainingsSideBySide(), {
      async started(status) {
        since.set(status, performance.now());
        const { point } = status;
        if (point.action === 'resume') await noteResumption(point.path);
        else await noteFirstStart(point.path, commandOf(point));
        display.changed(status);
      },
      async ended(status) {
        const { point } = status;
        await noteEnd(point.path, (performance.now() - since.get(status)!) / 1000);
        display.changed(status);
        if (!isStarted(point)) return;
        // One at a time: each reads the file and writes it anew.
        kept = kept.then(async () => {
          const result = await summariseComparisonRun(point, commandOf(point));
          await addComparisonRuns(folder, row.id, [result]);
        });
        await kept;
      },
    });
  } finally {
    display.stop();
    stop.removeEventListener('abort', onStop);
  }
}
