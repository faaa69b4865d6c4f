import { Command } from 'commander';
import { printResult } from '../console.js';
import { consoleTable } from '../console_table.js';
import { consoleWidth } from '../console_text.js';
import { episodeRows, type NumberRow } from '../datasets/episode_rows.js';
import { formatsText, openDataset } from '../datasets/registry.js';
import { wholeEpisode } from '../datasets/whole_episode.js';
import { UserError } from '../errors.js';
import { naturalNumber, path, positiveInteger } from './arguments.js';
import { counted } from './data_description.js';

interface Flags {
  rows: number;
  episode: number;
  all: boolean;
}

/** Lines of a column that are shown unless all are asked for. */
const MAX_LINES = 12;
/** Columns of text that a cell with its border takes, and those of the names. */
const CELL = 12;
const NAMES = 26;

/** The command `rlpd data head <path>`. */
export function dataHeadCommand(): Command {
  return new Command('head')
    .description("show an episode's first rows: a column for each step, a line for each number")
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .option('-n, --rows <n>', 'how many steps', positiveInteger, 5)
    .option('--episode <i>', 'which episode, by its place from 0', naturalNumber, 0)
    .option('--all', `also those numbers of a row after the first ${MAX_LINES}`, false)
    .action(async (input: string, { rows, episode: place, all }: Flags) => {
      const dataset = await openDataset(input);
      try {
        const { ids, path: name } = dataset.head;
        if (place >= ids.length) {
          throw new UserError(
            `${name} has ${counted(ids.length, 'episode')}: --episode takes 0 to ${ids.length - 1}`,
          );
        }
        const episode = await wholeEpisode(await dataset.episode(place));
        const seed = episode.seed === null ? '' : `, seed ${episode.seed}`;
        const title = `${name}: ${ids[place]}, episode ${place} of ${ids.length}, ${counted(episode.length, 'step')}${seed}`;
        const lines = episodeRows(
          episode,
          Math.min(rows, episode.length),
          all ? Number.POSITIVE_INFINITY : MAX_LINES,
        );
        await printResult([title, ...tables(lines)].join('\n'));
      } finally {
        dataset.close();
      }
    });
}

/** Tables of as many steps as have room beside each other. */
function tables(lines: readonly NumberRow[]): string[] {
  const steps = Math.max(...lines.map(({ values }) => values.length));
  const beside = Math.max(1, Math.floor((consoleWidth() - NAMES) / CELL));
  const texts: string[] = [];
  for (let from = 0; from < steps; from += beside) {
    const places = Array.from({ length: Math.min(beside, steps - from) }, (_, i) => from + i);
    texts.push(
      consoleTable({
        head: ['step', ...places.map(String)],
        rows: lines.map(({ name, values }) => [name, ...places.map((place) => values[place] ?? '')]),
      }),
    );
  }
  return texts;
}
