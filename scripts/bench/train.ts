import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { byteSize } from '../../src/byte_size.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import { distribution } from '../../src/rollout/episode_stats.js';
import { positiveInteger } from './arguments.js';
import type { Comparison } from './comparison.js';
import type { Compilation } from './compile_learner.js';
import { recordDemonstrations } from './demonstrations.js';
import { secondsToFirstUpdate } from './first_update.js';
import { MeasuredRun } from './measured_run.js';
import { type Costs, medianCosts, PHASES, type Phase, totalOf } from './training_costs.js';

const RECIPES = ['base_rlpd_ms3', 'base_rlpd_ms3_sample_efficient'] as const;
const CRITICS = 10;

/** Names of the phases in the table. */
const TITLES: Record<Phase, string> = {
  env: 'environments',
  inference: 'inference',
  sampling: 'sampling batches',
  update: 'gradient updates',
  log: 'log lines',
  eval: 'evaluations',
  save: 'checkpoints',
  rest: 'rest',
};

/** Measurements of one recipe. */
interface Measurements {
  recipe: string;
  rounds: Costs[];
  startSeconds: number[];
}

/**
 * Prints what trainings of the two reference recipes spend their time on. Each goes on for a few seconds in turn; then
 * follow a log line, an evaluation and a checkpoint, which count as often as the recipe has them. Also prints the
 * seconds from the start of the program to the first update, and what compiling a learner takes.
 *
 * @param args `--seconds n`, of each recipe and round (4), `--rounds n`, of which the medians count (3), and
 *   `--episodes n`, how many demonstrations to make first (1,000, as the recipes have)
 */
export async function benchTrain(args: string[]): Promise<Comparison[]> {
  const options = {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    episodes: { type: 'string', default: '1000' },
  } as const;
  const { values } = parseArgs({ args, options });
  const rounds = positiveInteger('rounds', values.rounds);
  const workspace = createTemporaryFolder('bench');
  try {
    const dataset = await recordDemonstrations(workspace, positiveInteger('episodes', values.episodes));
    const compilations = times(rounds, compileLearner);
    const measured: Measurements[] = RECIPES.map((recipe) => ({ recipe, rounds: [], startSeconds: [] }));
    await measureStarts(measured, rounds, dataset, workspace);
    await measureCosts(measured, rounds, Number(values.seconds), dataset, workspace);
    printCosts(measured);
    printStarts(measured, compilations);
    return measured.map(compare);
  } finally {
    removeFolder(workspace);
  }
}

async function measureStarts(
  measured: readonly Measurements[],
  rounds: number,
  dataset: string,
  workspace: string,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { recipe, startSeconds } of measured) {
      const folder = join(workspace, `start-${recipe}-${round}`);
      startSeconds.push(await secondsToFirstUpdate(pathOf(recipe), dataset, folder));
    }
  }
}

async function measureCosts(
  measured: readonly Measurements[],
  rounds: number,
  seconds: number,
  dataset: string,
  workspace: string,
): Promise<void> {
  const runs: MeasuredRun[] = [];
  try {
    for (const { recipe } of measured) {
      runs.push(await MeasuredRun.begin(pathOf(recipe), dataset, workspace));
    }
    for (let round = 0; round < rounds; round++) {
      for (const [index, run] of runs.entries()) measured[index].rounds.push(await run.costs(seconds));
    }
  } finally {
    for (const run of runs) await run.close();
  }
}

function printCosts(measured: readonly Measurements[]): void {
  const head = ['share of the time', ...RECIPES];
  const table = newTable(head);
  const costs = measured.map(({ rounds }) => medianCosts(rounds));
  const share = (phase: Phase) => costs.map((each) => percent(each[phase] / totalOf(each)));
  for (const phase of PHASES) table.push([TITLES[phase], ...share(phase)]);
  table.push(['all but gradient updates', ...costs.map((each) => percent(1 - each.update / totalOf(each)))]);
  table.push(['seconds of 1,000 env steps', ...costs.map((each) => (1000 * totalOf(each)).toFixed(1))]);
  console.log(table.toString());
}

function printStarts(measured: readonly Measurements[], compilations: readonly Compilation[]): void {
  const table = newTable(['', 'median of the rounds']);
  const seconds = (values: readonly number[]) => `${distribution(values).median.toFixed(2)} s`;
  for (const { recipe, startSeconds } of measured) {
    table.push([`start to first update, ${recipe}`, seconds(startSeconds)]);
  }
  table.push(
    [`compiling a learner of ${CRITICS} critics`, seconds(compilations.map((each) => each.seconds))],
    ['its graphs', byteSize(compilations[0].bytes)],
  );
  console.log(table.toString());
}

/** Compares the time of a training with that of its updates alone. */
function compare({ recipe, rounds }: Measurements): Comparison {
  const costs = medianCosts(rounds);
  return {
    name: `1,000 env steps of ${recipe}`,
    milliseconds: 1e6 * totalOf(costs),
    other: 'its gradient updates',
    otherMilliseconds: 1e6 * costs.update,
    ratio: distribution(rounds.map((round) => totalOf(round) / round.update)).median,
  };
}

function compileLearner(): Compilation {
  const program = fileURLToPath(new URL('compile_learner.js', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [program, String(CRITICS)], { encoding: 'utf8' }));
}

function newTable(head: string[]): Table.Table {
  const colAligns = head.map((_, column) => (column === 0 ? ('left' as const) : ('right' as const)));
  return new Table({ head, style: { head: [], border: [] }, colAligns });
}

function pathOf(recipe: string): string {
  return `configs/${recipe}.yml`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
