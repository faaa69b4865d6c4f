import { Command, Option } from 'commander';
import { printResult } from '../console.js';
import { consoleTable } from '../console_table.js';
import type { AccountRow } from '../datasets/conversion/account.js';
import { type Conversion, convertDataset } from '../datasets/conversion/convert.js';
import { formatsText, WRITABLE_FORMATS } from '../datasets/registry.js';
import { named } from '../datasets/wording.js';
import { type Progress, startProgress } from '../progress.js';
import { path } from './arguments.js';
import { counted } from './data_description.js';
import { interruptible } from './interruptible.js';

interface Options {
  to: string;
  output: string;
}

/** The command `rlpd data convert <path> --to <format> --output <path>`. */
export function dataConvertCommand(): Command {
  const names = [...WRITABLE_FORMATS.keys()];
  const outputs = [...WRITABLE_FORMATS].map(([name, { writing }]) => `${name}: ${writing.output}`);
  return new Command('convert')
    .description(
      'write a dataset in another format, read it again to see that all is there, and say what was kept, lost and added',
    )
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .addOption(new Option('--to <format>', 'the format').choices(names).makeOptionMandatory())
    .requiredOption('--output <path>', `where to write, where nothing may be (${outputs.join('; ')})`, path)
    .action(async (input: string, { to, output }: Options) => {
      await interruptible(async (signal) => {
        const format = WRITABLE_FORMATS.get(to)!;
        const [written, verified] = ['written', 'read again'].map(episodesLine);
        try {
          const options = { onWritten: written.show, onVerified: verified.show, signal };
          const conversion = await convertDataset(input, format, output, options);
          await printResult(report(output, format.name, conversion));
        } finally {
          for (const line of [written, verified]) line.stop();
        }
      });
    });
}

/** A progress line that begins with the first episode. */
function episodesLine(label: string): { show(done: number, total: number): void; stop(): void } {
  let line: Progress | undefined;
  return {
    show(done, total) {
      line ??= startProgress({ label, total, unit: 'episodes' });
      line.update(done);
      if (done === total) line.stop();
    },
    stop: () => line?.stop(),
  };
}

function report(output: string, format: string, { episodes, steps, rows, notes }: Conversion): string {
  const table = consoleTable({
    head: ['part', '', 'episodes'],
    rows: rows.map((row) => [row.part, row.fate, extentOf(row, episodes)]),
    textColumns: 2,
    notes: { head: '', texts: rows.map(detailOf) },
  });
  return [
    table,
    ...notes.map((note) => `note: ${note}`),
    `${output}: ${format}, ${counted(episodes, 'episode')}, ${counted(steps, 'step')}, read again and the same`,
  ].join('\n');
}

function detailOf({ names, how }: AccountRow): string {
  return [names.length > 0 ? named(names) : null, how ?? null].filter((text) => text !== null).join(': ');
}

function extentOf({ episodes }: AccountRow, all: number): string {
  if (episodes === null) return '-';
  return episodes === all ? 'all' : `${episodes} of ${all}`;
}
