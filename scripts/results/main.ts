import { Command } from 'commander';
import { path, seed } from '../../src/commands/arguments.js';
import { endProcess, outliveConsole } from '../../src/console.js';
import { UserError } from '../../src/errors.js';
import { writeFileAtomic } from '../../src/files/atomic.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../../src/stop_signal.js';
import { listRows } from './list_rows.js';
import { makeComparisonRow } from './make_comparison_row.js';
import { makeTrainingRow, type ResultsOptions } from './make_training_row.js';
import { makeTransferRow } from './make_transfer_row.js';
import { drawCurves, drawOverview } from './report/curves.js';
import { reportText } from './report/report.js';
import { ROWS } from './rows/all_rows.js';
import type { Row } from './rows/row.js';
import { enterSmoke, smokeRowIds } from './rows/smoke_rows.js';

interface Flags {
  list: boolean;
  write: boolean;
  smoke: boolean;
  seeds?: number[];
  missing: boolean;
  realDemos?: string;
  offlineData?: string;
  python?: string;
}

const FOLDER = 'exps/results';
const REPORT = 'RESULTS.md';
const OVERVIEW = 'exps/learning_curves.svg';

const program = new Command('npm run results --')
  .description(
    `make what ${REPORT} claims, or single rows of it; the same command again goes on with what is left`,
  )
  .argument('[rows...]', 'rows by their names (default: all)')
  .option('--list', 'name the rows, with about how long they take, and do nothing', false)
  .option('--write', `only write ${REPORT} and its curves anew, from the summaries in ${FOLDER}`, false)
  .option('--seeds <list>', 'only these of the seeds: 0,1', seedList)
  .option(
    '--missing',
    `only runs of which ${FOLDER} has no summary of a finished one with the same command`,
    false,
  )
  .option(
    '--real-demos <folder>',
    "ManiSkill's own demonstrations by task, for the rows that need them",
    path,
  )
  .option('--offline-data <folder>', 'the Hopper and Pendulum files that the row offline needs', path)
  .option('--python <path>', 'a Python with mani_skill and onnxruntime, for the rows that need it', path)
  .option('--smoke', 'check the whole way with tiny trainings in a temporary folder', false)
  .action(results);

async function results(names: string[], flags: Flags): Promise<void> {
  const all = flags.smoke ? enterSmoke(ROWS) : ROWS;
  const rows = selected(all, flags.smoke ? smokeRowIds() : names);
  const seeds = flags.seeds ?? null;
  if (flags.list) {
    console.log(listRows(rows, { folder: FOLDER, seeds, onlyMissing: flags.missing }));
    return;
  }
  if (flags.write) {
    await writeReport(all);
    return;
  }
  const stop = listenForStop(() => {});
  try {
    const isWell = await makeRows(rows, all, {
      folder: FOLDER,
      seeds,
      onlyMissing: flags.missing,
      realDemos: flags.realDemos ?? null,
      offlineData: flags.offlineData ?? null,
      python: flags.python ?? null,
      stop: stop.signal,
    });
    if (!isWell) process.exitCode = 1;
  } catch (error) {
    // What was asked to stop fails for that reason.
    if (!stop.signal.aborted || !(error instanceof UserError)) throw error;
  } finally {
    stop.release();
  }
  if (!stop.signal.aborted) return;
  console.log('stopped: the same command again goes on');
  process.exitCode = INTERRUPTED_EXIT_CODE;
}

/** Makes the rows one after the other; the report is written after each. Returns false if a run has failed. */
async function makeRows(
  rows: readonly Row[],
  all: readonly Row[],
  options: ResultsOptions,
): Promise<boolean> {
  let isWell = true;
  for (const row of rows) {
    if (options.stop.aborted) break;
    isWell = (await makeRow(row, options)) && isWell;
    await writeReport(all);
  }
  return isWell;
}

async function makeRow(row: Row, options: ResultsOptions): Promise<boolean> {
  switch (row.kind) {
    case 'training':
      return makeTrainingRow(row, options);
    case 'comparison':
      return makeComparisonRow(row, options);
    case 'transfer':
      await makeTransferRow(row, options);
      return true;
  }
}

async function writeReport(rows: readonly Row[]): Promise<void> {
  const trainingRows = rows.flatMap((row) => (row.kind === 'training' ? [row] : []));
  for (const row of trainingRows) await drawCurves(row, FOLDER);
  await drawOverview(trainingRows, FOLDER, OVERVIEW);
  await writeFileAtomic(REPORT, reportText(rows, FOLDER));
  console.log(`${REPORT} is written`);
}

function selected(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  const unknown = names.find((name) => !rows.some(({ id }) => id === name));
  if (unknown !== undefined) {
    throw new UserError(`no row "${unknown}"; there are: ${rows.map(({ id }) => id).join(', ')}`);
  }
  return names.length === 0 ? rows : rows.filter(({ id }) => names.includes(id));
}

function seedList(text: string): number[] {
  return text.split(',').map(seed);
}

outliveConsole();
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
await endProcess(process.exitCode);
