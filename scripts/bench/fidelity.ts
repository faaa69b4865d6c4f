import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { environmentIds, makeEnvironment } from '../../envs/registry.js';
import { UserError } from '../../src/errors.js';
import { MANISKILL_FIGURES, type PieceFigures, type Spread } from './fidelity/maniskill_figures.js';
import { playPieces, summarize } from './fidelity/pieces.js';
import { readRecording } from './fidelity/recording.js';

/**
 * Plays short pieces of ManiSkill's recordings from their states, in every task that there is a recording of, and prints
 * how far ours ends from the recording, above how far ManiSkill itself ends from it.
 *
 * `--recordings <folder>` with files `parity_<task>.pd_joint_delta_pos.json.gz` (those cut for the tests), `--task <id>`,
 * as often as wanted (all), `--json <file>` to write the figures to.
 */
export async function benchFidelity(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      recordings: { type: 'string' },
      task: { type: 'string', multiple: true },
      json: { type: 'string' },
    },
  });
  const measured: Record<string, PieceFigures> = {};
  const table = new Table({
    head: [
      '',
      '',
      'untouched',
      'touched, 1 step',
      'touched',
      'rotation °',
      'qpos rad',
      'pieces',
      'success ≠',
    ],
    style: { head: [], border: [] },
  });
  for (const task of values.task ?? environmentIds()) {
    let figures: PieceFigures;
    try {
      figures = await measure(task, values.recordings);
    } catch (error) {
      if (values.task || !(error instanceof UserError)) throw error;
      console.log(`${task} is left out: ${error.message}`);
      continue;
    }
    measured[task] = figures;
    table.push([task, 'ours', ...cells(figures)]);
    const theirs = MANISKILL_FIGURES[task];
    if (theirs) table.push(['', 'ManiSkill', ...cells(theirs)]);
  }
  const missing = Object.keys(MANISKILL_FIGURES).filter((task) => !environmentIds().includes(task));
  if (missing.length > 0) console.log(`not among the environments: ${missing.join(', ')}`);
  console.log(
    'Five steps from every third state of a recording: mm between actors, median / 90 % / largest; rotation and qpos of\n' +
      `those in which the robot touches an object\n${table}`,
  );
  if (values.json) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
}

/** Throws a UserError if there is no such task here, or no recording of it that can be used. */
async function measure(task: string, folder: string | undefined): Promise<PieceFigures> {
  if (!environmentIds().includes(task))
    throw new UserError(`no environment "${task}"; there are: ${environmentIds().join(', ')}`);
  const recording = readRecording(task, folder);
  const { controlMode } = recording;
  const environment = await makeEnvironment(task, { controlMode, rewardMode: 'none' });
  try {
    return summarize(playPieces(environment, recording));
  } finally {
    environment.close();
  }
}

function cells({
  untouched,
  touchedOneStep,
  touched,
  rotation,
  qpos,
  pieces,
  successDiffers,
}: PieceFigures): string[] {
  const spreads = [untouched, touchedOneStep, touched, rotation, qpos];
  return [...spreads.map(describe), String(pieces), String(successDiffers)];
}

function describe(spread: Spread): string {
  if (spread.some(Number.isNaN)) return '–';
  return spread.map((value) => String(Number(value.toPrecision(2)))).join(' / ');
}
