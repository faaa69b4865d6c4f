import { Command } from 'commander';
import { EPISODE_FIELDS } from '../datasets/filter/episode_fields.js';
import { filterDataset } from '../datasets/filter/filter_dataset.js';
import type { EpisodeFilter, FilteredPlaces } from '../datasets/filter/filter_places.js';
import { formatsText } from '../datasets/registry.js';
import { figure } from '../datasets/wording.js';
import { UserError } from '../errors.js';
import { path, positiveShare } from './arguments.js';
import { counted } from './data_description.js';
import {
  accountText,
  episodesLine,
  type WritingFlags,
  withWritingOptions,
  writeWithProgress,
  writtenFormat,
} from './data_writing.js';

type Flags = WritingFlags & EpisodeFilter;

/** The end of the help: what a condition is made of. */
function help(): string {
  const width = Math.max(...Object.keys(EPISODE_FIELDS).map((name) => name.length));
  const fields = Object.entries(EPISODE_FIELDS).map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
  return `
A condition has fields of an episode, numbers, 'texts', true, false and null,
with == != < <= > >= contains, and or not, + - * / % and parentheses:
${fields.join('\n')}
Metadata of episodes and masks are fields too; in brackets, if their names are
not plain words: [mask/train] and [options/low] > 0.5

What is not known is null; a condition that depends on it is not true. Test it
with: success == null

  --where 'success and length < 50'
  --top 0.1 --by 'return / length'
`;
}

/** The command `rlpd data filter <path> --where <condition> --top <share> --output <path>`. */
export function dataFilterCommand(): Command {
  const command = new Command('filter')
    .description('write the episodes of a dataset for which a condition holds, and of these the best')
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .option('--where <condition>', 'which episodes: see below')
    .option(
      '--top <share>',
      'only this share of them, above 0 and up to 1, those with the highest values of --by',
      positiveShare,
    )
    .option('--by <number>', 'with --top: a number of each episode (default: return)');
  return withWritingOptions(command)
    .addHelpText('after', help)
    .action(async (input: string, { where, top, by, to, output }: Flags) => {
      if (where === undefined && top === undefined) {
        throw new UserError('give --where, a condition for episodes, or --top, a share of them, or both');
      }
      if (by !== undefined && top === undefined) throw new UserError('--by is for --top only');
      const read = episodesLine('read');
      try {
        await writeWithProgress(async (options) => {
          const format = await writtenFormat(to, [input]);
          const { conversion, found, episodes } = await filterDataset(
            input,
            { where, top, by },
            format,
            output,
            { ...options, onEpisode: read.show },
          );
          const size = `${counted(conversion.episodes, 'episode')} of ${episodes}`;
          return [
            accountText(conversion),
            ...remarks(found, by ?? 'return'),
            `${output}: ${format.name}, ${size}, ${counted(conversion.steps, 'step')}, read again and the same`,
          ].join('\n');
        });
      } finally {
        read.stop();
      }
    });
}

function remarks({ unknown, least }: FilteredPlaces, by: string): string[] {
  return [
    ...(unknown > 0
      ? [`note: left out, as it is not known whether the condition holds: ${counted(unknown, 'episode')}`]
      : []),
    ...(least !== null ? [`${by} is ${figure(Number(least))} or more`] : []),
  ];
}
