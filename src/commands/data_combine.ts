import { Command } from 'commander';
import { formatsText } from '../datasets/registry.js';
import { combineDatasets } from '../datasets/views/combine.js';
import { path } from './arguments.js';
import { counted } from './data_description.js';
import {
  accountText,
  type WritingFlags,
  withWritingOptions,
  writeWithProgress,
  writtenFormat,
} from './data_writing.js';

/** The command `rlpd data combine <path> <path> … --output <path>`. */
export function dataCombineCommand(): Command {
  const command = new Command('combine')
    .description(
      'write the episodes of several datasets as one, each with where it is from in its metadata; columns, bounds and tasks have to be the same',
    )
    .argument('<paths...>', `datasets: ${formatsText()}`, paths);
  return withWritingOptions(command).action((inputs: string[], { to, output }: WritingFlags) =>
    writeWithProgress(async (options) => {
      const format = await writtenFormat(to, inputs);
      const conversion = await combineDatasets(inputs, format, output, options);
      const { episodes, steps } = conversion;
      const size = `${counted(episodes, 'episode')} of ${counted(inputs.length, 'dataset')}, ${counted(steps, 'step')}`;
      return `${accountText(conversion)}\n${output}: ${format.name}, ${size}, read again and the same`;
    }),
  );
}

function paths(text: string, before: string[] = []): string[] {
  return [...before, path(text)];
}
