import { join } from 'node:path';
import { Command } from 'commander';
import { commandText } from '../command_text.js';
import { type Comparison, comparisonGrid } from '../compare/grid.js';
import { type ComparedCell, comparedCells, measureWords } from '../compare/results.js';
import { comparisonCsv, comparisonPage, comparisonTable } from '../compare/tables.js';
import { readComparison } from '../compare/words.js';
import { writeFileAtomic } from '../files/atomic.js';
import type { DotPanel } from '../plot/dots.js';
import { totals } from '../sweep/tables.js';
import { checkOutsideRuns } from '../training/folder/run_folder.js';
import { folderName, positiveInteger } from './arguments.js';
import { openLines, runSweepSession } from './sweep_session.js';

interface Flags {
  name?: string;
  workers?: number;
  dryRun: boolean;
}

const HELP = `
Every training learns from data alone: 100,000 updates, 20 evaluations of 10
episodes, discount 0.99, all of the data. Any of it can be given otherwise:

  train.offline_steps=20_000 train.eval_episodes=20 iql.expectile=0.9

An option of an algorithm, such as iql.expectile, is for its trainings alone.`;

/** The command `rlpd compare algorithms=bc,iql datasets=a.hdf5,b.hdf5 seeds=0,1,2`. */
export function compareCommand(): Command {
  return new Command('compare')
    .description(
      'train algorithms on datasets side by side and write one table of how they do; the same command again goes on ' +
        'with what is left',
    )
    .argument(
      '<lists and overrides...>',
      'algorithms=bc,iql datasets=a.hdf5,b.hdf5 seeds=0,1,2 (0..2 if left out), then key=value overrides; ' +
        'env.env_id=Hopper-v5 for datasets that name no environment, one for all or one for each',
    )
    .option('--name <name>', 'the folder of its runs (default: after the datasets)', folderName)
    .option(
      '--workers <n>',
      'trainings at a time (default: one a processor and 2 GiB of memory)',
      positiveInteger,
    )
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .addHelpText('after', HELP)
    .action(compare);
}

async function compare(words: string[], { name, workers, dryRun }: Flags): Promise<void> {
  const comparison = await comparisonGrid(readComparison(words));
  const { workspace } = comparison.points[0].config.logger;
  const comparisonName = name ?? defaultName(comparison);
  checkOutsideRuns(workspace, comparisonName);
  const path = join(workspace, comparisonName);
  const command = commandText('compare', ...words, ...(name === undefined ? [] : ['--name', name]));
  await runSweepSession({
    place: { path, statusPath: join(path, 'sweep.json') },
    workspace,
    points: comparison.points,
    advice: 'give the comparison another --name, or remove that folder',
    workers,
    dryRun,
    async save(statuses) {
      const cells = comparedCells(comparison, statuses);
      await writeFileAtomic(join(path, 'compare.md'), comparisonPage(comparison, cells, command));
      await writeFileAtomic(join(path, 'compare.csv'), comparisonCsv(cells));
    },
    async report(statuses) {
      const cells = comparedCells(comparison, statuses);
      const drawn = await draw(join(path, 'compare.svg'), comparison, cells);
      console.log(comparisonTable(cells));
      const files = [join(path, 'compare.md'), 'compare.csv', ...(drawn ? ['compare.svg'] : [])];
      console.log(`${files.join(', ')}: ${totals(statuses)}`);
      for (const line of openLines(statuses)) console.log(line);
    },
  });
}

/** Draws what is finished, a panel for each dataset. Resolves to false if nothing is. */
async function draw(
  path: string,
  { datasets }: Comparison,
  cells: readonly ComparedCell[],
): Promise<boolean> {
  const panels = datasets.flatMap(({ label }): DotPanel[] => {
    const finished = cells.filter(({ dataset, final }) => dataset.label === label && final !== null);
    if (finished.length === 0) return [];
    const dots = finished.map(({ algorithm, final }) => ({ label: algorithm, ...final! }));
    return [{ title: label, xTitle: measureWords(finished[0].measure), dots }];
  });
  if (panels.length === 0) return false;
  // Loaded only here: the drawing libraries would double the start of every other command.
  const { renderSvg, SVG_FONT } = await import('../plot/render.js');
  const { dotPanels } = await import('../plot/dots.js');
  await writeFileAtomic(path, await renderSvg(dotPanels(panels, SVG_FONT)));
  return true;
}

/** The default name of a comparison, `compare-hopper-walker2d`: further algorithms and seeds go to the same folder. */
function defaultName({ datasets }: Comparison): string {
  const [first, second, third, ...more] = datasets.map(({ label }) => label);
  const named = more.length === 0 ? [first, second, third] : [first, second, `and-${more.length + 1}-more`];
  return ['compare', ...named.filter((label) => label !== undefined)].join('-');
}
