import { basename, extname, join } from 'node:path';
import { Command } from 'commander';
import { commandText } from '../command_text.js';
import { shortKey } from '../config/flatten.js';
import { DEFAULT_CONFIG } from '../config/load.js';
import { splitWords } from '../config/words.js';
import { defaultMetric, metricToDraw } from '../plot/run_curve.js';
import { type Sweep, sweepGrid } from '../sweep/grid.js';
import { collectResults, writeResults } from '../sweep/results.js';
import type { PointStatus } from '../sweep/sweep_run.js';
import { resultsTable, totals } from '../sweep/tables.js';
import { checkOutsideRuns } from '../training/folder/run_folder.js';
import { folderName, positiveInteger } from './arguments.js';
import { openLines, runSweepSession } from './sweep_session.js';

interface Flags {
  name?: string;
  workers?: number;
  dryRun: boolean;
}

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

async function sweep(words: string[], { name, workers, dryRun }: Flags): Promise<void> {
  const { path: recipe = DEFAULT_CONFIG, overrides } = splitWords(words);
  const grid = sweepGrid(recipe, overrides);
  const { workspace } = grid.points[0].config.logger;
  const sweepName = name ?? defaultName(recipe, grid);
  checkOutsideRuns(workspace, sweepName);
  const path = join(workspace, sweepName);
  await runSweepSession({
    place: { path, statusPath: join(path, 'sweep.json') },
    workspace,
    points: grid.points,
    advice: OTHER_VALUES_ADVICE,
    workers,
    dryRun,
    save: (statuses) => writeResults(path, grid.axes, collectResults(recipe, statuses)),
    async report(statuses) {
      console.log(resultsTable(grid.axes, collectResults(recipe, statuses)));
      for (const line of closingLines(statuses, path)) console.log(line);
    },
  });
}

function closingLines(statuses: readonly PointStatus[], path: string): string[] {
  const lines = [`${join(path, 'results.json')}, results.csv: ${totals(statuses)}`, ...openLines(statuses)];
  const finished = statuses.filter(({ state }) => state === 'finished');
  const metric = finished.map(({ point }) => metricToDraw(point.path)).find((name) => name !== null);
  if (metric === undefined) return lines;
  const isDefault = statuses.every(({ point }) => defaultMetric(point.config) === metric);
  const choice = isDefault ? [] : ['--metric', metric];
  const command = commandText('plot', path, ...choice, '--out', join(path, 'curves.png'));
  return [...lines, `draw it with: ${command}`];
}

/** The default name of a sweep, `sweep-default-num_qs-seed`, in whatever order the keys are given. */
function defaultName(recipe: string, { axes }: Sweep): string {
  const keys = axes.map(({ key }) => shortKey(key)).sort();
  return ['sweep', basename(recipe, extname(recipe)), ...keys].join('-');
}
