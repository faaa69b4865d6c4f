import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { makeEnvironment, tableTopTasks } from '../../envs/registry.js';
import { UserError } from '../../src/errors.js';
import { positiveInteger } from './arguments.js';
import { demonstrationsOf, type OpenLoopFigures, replayDemonstrations } from './fidelity/demonstrations.js';
import { MANISKILL_FIGURES, type PieceFigures } from './fidelity/maniskill_figures.js';
import { type Piece, playPieces, summarize } from './fidelity/pieces.js';
import { readRecording } from './fidelity/recording.js';
import { spreadText } from './fidelity/spread.js';

/** Figures by task. */
type Measured<Figures> = Record<string, Figures>;

/**
 * Prints, for every task, how far our simulator is from ManiSkill: short pieces of recordings played again from their states,
 * beside ManiSkill's own differences from them, and, if asked for, whole demonstrations played from their first states.
 *
 * `--recordings <folder>` with files `parity_<task>.pd_joint_delta_pos.json.gz` (those cut for the tests),
 * `--demonstrations <folder>` with `<task>/motionplanning100/` or `<task>/motionplanning/` (none), `--task <id>`, as often as
 * wanted (all), `--worst <n>` to list the n pieces of each task that end farthest from the recording, `--json <file>` to write the
 * figures to.
 */
export async function benchFidelity(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      recordings: { type: 'string' },
      demonstrations: { type: 'string' },
      task: { type: 'string', multiple: true },
      worst: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { recordings, demonstrations, task: chosen } = values;
  const tasks = chosen ?? taskIds();
  checkTasks(tasks);
  if (!chosen) reportMissingTasks();
  const played = await measure(tasks, (task) => playRecording(task, recordings));
  const pieces = Object.fromEntries(Object.entries(played).map(([task, all]) => [task, summarize(all)]));
  printPieces(pieces);
  if (values.worst !== undefined) printWorst(played, positiveInteger('worst', values.worst));
  const openLoop = demonstrations
    ? await measure(tasks, (task) => replayDemonstrations(demonstrationsOf(task, demonstrations)))
    : null;
  if (openLoop) printOpenLoop(openLoop);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ pieces, openLoop }, null, 2)}\n`);
}

function reportMissingTasks(): void {
  const missing = Object.keys(MANISKILL_FIGURES).filter((task) => !taskIds().includes(task));
  if (missing.length > 0) console.log(`not among the environments: ${missing.join(', ')}`);
}

function checkTasks(tasks: readonly string[]): void {
  const unknown = tasks.find((task) => !taskIds().includes(task));
  if (unknown !== undefined)
    throw new UserError(`no environment "${unknown}"; there are: ${taskIds().join(', ')}`);
}

/** The ids of the tasks that ManiSkill has. */
function taskIds(): string[] {
  return tableTopTasks().map(({ id }) => id);
}

/** Measures the tasks; one that lacks its file is left out with a line that says so. */
async function measure<Figures>(
  tasks: readonly string[],
  figuresOf: (task: string) => Promise<Figures>,
): Promise<Measured<Figures>> {
  const measured: Measured<Figures> = {};
  for (const task of tasks) {
    try {
      measured[task] = await figuresOf(task);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.log(`left out: ${error.message}`);
    }
  }
  return measured;
}

async function playRecording(task: string, folder: string | undefined): Promise<Piece[]> {
  const recording = readRecording(task, folder);
  const { controlMode } = recording;
  const environment = await makeEnvironment(task, { controlMode, rewardMode: 'none' });
  try {
    return playPieces(environment, recording);
  } finally {
    environment.close();
  }
}

function printPieces(measured: Measured<PieceFigures>): void {
  const table = new Table({
    head: [
      '',
      '',
      'untouched',
      'touched, 1 step',
      'touched',
      'rotation °',
      'qpos rad',
      'fingers m/s',
      'pieces',
      'success ≠',
    ],
    style: { head: [], border: [] },
  });
  for (const [task, figures] of Object.entries(measured)) {
    table.push([task, 'ours', ...cells(figures)]);
    const theirs = MANISKILL_FIGURES[task];
    if (theirs) table.push(['', 'ManiSkill', ...cells(theirs)]);
  }
  console.log(
    'Five steps from every third state of a recording: mm between actors, median / 90 % / largest; rotation and qpos of\n' +
      "those in which the robot touches an object, the fingers' velocities of those in which it doesn't\n" +
      table,
  );
}

function cells({ pieces, successDiffers, ...spreads }: PieceFigures): string[] {
  const { untouched, touchedOneStep, touched, rotation, qpos, fingers } = spreads;
  const texts = [untouched, touchedOneStep, touched, rotation, qpos, fingers].map(spreadText);
  return [...texts, String(pieces), String(successDiffers)];
}

function printWorst(measured: Measured<Piece[]>, count: number): void {
  for (const [task, pieces] of Object.entries(measured)) {
    const sorted = pieces.toSorted((one, other) => other.afterAll.millimetres - one.afterAll.millimetres);
    for (const { kind, seed, start, touched, afterOne, afterAll } of sorted.slice(0, count)) {
      const [first, last] = [afterOne, afterAll].map(({ millimetres }) => millimetres.toPrecision(2));
      const where = touched ? 'touched' : 'untouched';
      console.log(
        `${task} ${kind}, seed ${seed}, after step ${start}, ${where}: ${first} mm, then ${last} mm`,
      );
    }
  }
}

function printOpenLoop(measured: Measured<OpenLoopFigures>): void {
  const table = new Table({
    head: ['', 'episodes', 'success at some step', 'success at the end', 'end positions, mm'],
    style: { head: [], border: [] },
  });
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  for (const [task, { episodes, successOnce, successAtEnd, endDistance }] of Object.entries(measured))
    table.push([task, episodes, percent(successOnce), percent(successAtEnd), spreadText(endDistance)]);
  console.log(
    "ManiSkill's successful demonstrations, open loop from their first states: how many succeed here as well, and how\n" +
      `far objects end from where they ended there, median / 90 % / largest\n${table}`,
  );
}
