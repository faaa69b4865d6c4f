import { basename, extname } from 'node:path';
import { Command } from 'commander';
import { printResult } from '../console.js';
import { writeCard } from '../datasets/card/write_card.js';
import { formatsText } from '../datasets/registry.js';
import { path } from './arguments.js';
import { withReadingProgress } from './reading_progress.js';

interface Flags {
  license: string;
  title?: string;
  description?: string;
  made?: string;
}

/** The command `rlpd data card <path>`. */
export function dataCardCommand(): Command {
  return new Command('card')
    .description(
      'write a card to publish a dataset with: a README.md in its folder, or beside its file, with what is in it, statistics, histograms, ' +
        'licence, and how it was made',
    )
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .requiredOption('--license <name>', 'its licence, as Hugging Face names them: cc-by-4.0, apache-2.0, mit')
    .option('--title <text>', "its title (default: the dataset's name)")
    .option('--description <text>', 'what it is')
    .option('--made <text>', 'the command, or commands, by which it was made')
    .action((input: string, { license, title, description, made }: Flags) =>
      withReadingProgress(async (options) => {
        const facts = {
          title: title ?? basename(input, extname(input)),
          description: description ?? null,
          licence: license,
          made: made ?? null,
        };
        const { readme, histograms, info } = await writeCard(input, facts, options);
        await printResult(`${readme}, ${histograms}: the card of ${info.episodes} episodes`);
      }),
    );
}
