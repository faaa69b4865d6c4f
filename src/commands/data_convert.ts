import { Command } from 'commander';
import { convertDataset } from '../datasets/conversion/convert.js';
import { formatsText, WRITABLE_FORMATS } from '../datasets/registry.js';
import { path } from './arguments.js';
import { counted } from './data_description.js';
import { accountText, formatOption, withOutput, writeWithProgress } from './data_writing.js';

/** The command `rlpd data convert <path> --to <format> --output <path>`. */
export function dataConvertCommand(): Command {
  const command = new Command('convert')
    .description(
      'write a dataset in another format, read it again to see that all is there, and say what was kept, lost and added',
    )
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .addOption(formatOption('the format').makeOptionMandatory());
  return withOutput(command).action((input: string, { to, output }: { to: string; output: string }) =>
    writeWithProgress(async (options) => {
      const format = WRITABLE_FORMATS.get(to)!;
      const conversion = await convertDataset(input, format, output, options);
      const { episodes, steps } = conversion;
      const size = `${counted(episodes, 'episode')}, ${counted(steps, 'step')}`;
      return `${accountText(conversion)}\n${output}: ${format.name}, ${size}, read again and the same`;
    }),
  );
}
