import { Command, Option } from 'commander';
import { printResult } from '../console.js';
import { formatOf, formatsText, WRITABLE_FORMATS } from '../datasets/registry.js';
import { type Repair, repairDataset } from '../datasets/repair/repair.js';
import { UserError } from '../errors.js';
import { path } from './arguments.js';
import { counted } from './data_description.js';
import { interruptible } from './interruptible.js';

interface Options {
  to?: string;
  output: string;
}

/** The command `rlpd data repair <path> --output <path>`. */
export function dataRepairCommand(): Command {
  return new Command('repair')
    .description(
      'write the whole episodes of a damaged dataset, or of a recording that was killed, to a new one, and say what was lost',
    )
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .requiredOption('--output <path>', 'where to write, where nothing may be', path)
    .addOption(
      new Option('--to <format>', 'the format of the new dataset (default: that of the damaged one)').choices(
        [...WRITABLE_FORMATS.keys()],
      ),
    )
    .action(async (input: string, { to, output }: Options) => {
      await interruptible(async (signal) => {
        const { name } = await formatOf(input);
        const format = WRITABLE_FORMATS.get(to ?? name.toLowerCase());
        if (!format)
          throw new UserError(`${input}: ${name} is not written; say with --to in which format it is to be`);
        await printResult(
          report(output, format.name, await repairDataset(input, format, output, { signal })),
        );
      });
    });
}

function report(output: string, format: string, { episodes, steps, lost, corrected }: Repair): string {
  return [
    ...[...lost].map(([id, why]) => `lost: ${id}: ${why}`),
    ...corrected.map((text) => `corrected: ${text}`),
    `${output}: ${format}, kept ${counted(episodes, 'episode')}, ${counted(steps, 'step')}; lost ${counted(lost.size, 'episode')}`,
  ].join('\n');
}
