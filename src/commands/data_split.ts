import { Command, InvalidArgumentError, Option } from 'commander';
import { consoleTable } from '../console_table.js';
import { formatsText } from '../datasets/registry.js';
import type { PartSize } from '../datasets/views/split.js';
import { type SplitPart, splitDataset } from '../datasets/views/split_dataset.js';
import { namedStream } from '../rng.js';
import { path, seed } from './arguments.js';
import {
  accountText,
  type WritingFlags,
  withWritingOptions,
  writeWithProgress,
  writtenFormat,
} from './data_writing.js';

interface Flags extends WritingFlags {
  into: Map<string, PartSize>;
  seed: number;
  inOrder: boolean;
}

/** The command `rlpd data split <path> --into train=0.9,valid=0.1 --output <path>`. */
export function dataSplitCommand(): Command {
  const command = new Command('split')
    .description(
      'write the episodes of a dataset as several, each episode in one of them; the names of the parts are put into the path: pick.h5 becomes pick-train.h5, pick-v0 becomes pick-train-v0',
    )
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .addOption(
      new Option('--into <parts>', 'train=0.9,valid=0.1, or numbers of episodes: train=900,valid=rest')
        .argParser(parts)
        .makeOptionMandatory(),
    )
    .option('--seed <n>', 'the same seed gives the same parts', seed, 0)
    .option('--in-order', 'the first episodes to the first part, not by chance', false);
  return withWritingOptions(command).action((input: string, { into, to, output, ...flags }: Flags) =>
    writeWithProgress(async (options) => {
      const format = await writtenFormat(to, [input]);
      const random = flags.inOrder ? null : namedStream(flags.seed, 'split-episodes');
      const { conversion, parts } = await splitDataset(input, into, random, format, output, options);
      return [accountText(conversion), partsTable(parts), `${input}: every episode is in one part`].join(
        '\n',
      );
    }),
  );
}

function partsTable(parts: readonly SplitPart[]): string {
  return consoleTable({
    head: ['part', 'dataset', 'episodes'],
    rows: parts.map(({ name, output, episodes }) => [name, output, String(episodes)]),
    textColumns: 2,
  });
}

function parts(text: string): Map<string, PartSize> {
  const sizes = new Map<string, PartSize>();
  for (const word of text.split(',')) {
    const [, name, size] = /^\s*(\w[\w-]*)\s*=\s*(rest|\d+|0?\.\d+)\s*$/.exec(word) ?? [];
    if (name === undefined || Number(size) === 0) {
      throw new InvalidArgumentError(`"${word}" is none of train=0.9, train=900, train=rest.`);
    }
    if (sizes.has(name)) throw new InvalidArgumentError(`${name} is there twice.`);
    sizes.set(name, size === 'rest' ? 'rest' : Number(size));
  }
  return sizes;
}
