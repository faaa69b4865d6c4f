import { Command } from 'commander';
import { formatsText } from '../datasets/registry.js';
import { sampleDataset } from '../datasets/views/sample_dataset.js';
import { namedStream } from '../rng.js';
import { path, positiveInteger, seed } from './arguments.js';
import { counted } from './data_description.js';
import {
  accountText,
  type WritingFlags,
  withWritingOptions,
  writeWithProgress,
  writtenFormat,
} from './data_writing.js';

interface Flags extends WritingFlags {
  count: number;
  seed: number;
  steps: boolean;
}

/** The command `rlpd data sample <path> --count <n> --output <path>`. */
export function dataSampleCommand(): Command {
  const command = new Command('sample')
    .description('write episodes of a dataset that are drawn by chance, in the order that they have there')
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .requiredOption('-n, --count <n>', 'how many episodes', positiveInteger)
    .option('--steps', 'draw whole episodes until they have so many steps together', false)
    .option('--seed <n>', 'the same seed gives the same episodes', seed, 0);
  return withWritingOptions(command).action((input: string, { count, steps, to, output, ...flags }: Flags) =>
    writeWithProgress(async (options) => {
      const format = await writtenFormat(to, [input]);
      const amount = { count, unit: steps ? 'steps' : 'episodes' } as const;
      const random = namedStream(flags.seed, 'sample-episodes');
      const conversion = await sampleDataset(input, amount, random, format, output, options);
      const size = `${counted(conversion.episodes, 'episode')}, ${counted(conversion.steps, 'step')}`;
      return `${accountText(conversion)}\n${output}: ${format.name}, ${size}, read again and the same`;
    }),
  );
}
