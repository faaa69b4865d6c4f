import { type Command, Option } from 'commander';
import { printResult } from '../console.js';
import { consoleTable } from '../console_table.js';
import type { AccountRow } from '../datasets/conversion/account.js';
import type { Conversion, ConversionOptions } from '../datasets/conversion/convert.js';
import type { WritableFormat } from '../datasets/format.js';
import { formatOf, WRITABLE_FORMATS } from '../datasets/registry.js';
import { named } from '../datasets/wording.js';
import { UserError } from '../errors.js';
import { type Progress, startProgress } from '../progress.js';
import { path } from './arguments.js';
import { interruptible } from './interruptible.js';

/** Flags of all commands that write a dataset. */
export interface WritingFlags {
  to?: string;
  output: string;
}

/** `--to` with the names of all formats that can be written. */
export function formatOption(description: string): Option {
  return new Option('--to <format>', description).choices([...WRITABLE_FORMATS.keys()]);
}

/** Adds `--output` to a command. */
export function withOutput(command: Command): Command {
  const outputs = [...WRITABLE_FORMATS].map(([name, { writing }]) => `${name}: ${writing.output}`);
  return command.requiredOption(
    '--output <path>',
    `where to write, where nothing may be (${outputs.join('; ')})`,
    path,
  );
}

/** Adds `--output` and a `--to` that may be left out to a command. */
export function withWritingOptions(command: Command): Command {
  return withOutput(command.addOption(formatOption('another format (default: that of the dataset)')));
}

/** The format to write: the one that is asked for, or else that of the sources. Throws a UserError if that is not one, or not written. */
export async function writtenFormat(
  to: string | undefined,
  sources: readonly string[],
): Promise<WritableFormat> {
  if (to !== undefined) return WRITABLE_FORMATS.get(to)!;
  const choice = `choose one with --to: ${[...WRITABLE_FORMATS.keys()].join(', ')}`;
  const formats = await Promise.all(sources.map(formatOf));
  const other = formats.findIndex((format) => format !== formats[0]);
  if (other >= 0) {
    throw new UserError(
      `${sources[0]} is of ${formats[0].name}, ${sources[other]} of ${formats[other].name}: ${choice}`,
    );
  }
  const writable = WRITABLE_FORMATS.get(formats[0].name.toLowerCase());
  if (writable) return writable;
  throw new UserError(`${sources[0]} is of ${formats[0].name}, which is not written here: ${choice}`);
}

/** Does work that writes datasets, with a line of progress for the writing and one for the reading, and prints the report that it gives. */
export async function writeWithProgress(
  work: (options: ConversionOptions) => Promise<string>,
): Promise<void> {
  await interruptible(async (signal) => {
    const [written, verified] = ['written', 'read again'].map(episodesLine);
    try {
      await printResult(await work({ onWritten: written.show, onVerified: verified.show, signal }));
    } finally {
      for (const line of [written, verified]) line.stop();
    }
  });
}

/** A progress line that begins with the first episode. */
export function episodesLine(label: string): { show(done: number, total: number): void; stop(): void } {
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

/** The table of what was kept, lost and added, the notes, and what is unlike the sources. */
export function accountText({ episodes, unchanged, rows, notes }: Conversion): string {
  const table = consoleTable({
    head: ['part', '', 'episodes'],
    rows: rows.map((row) => [row.part, row.fate, extentOf(row, episodes)]),
    textColumns: 2,
    notes: { head: '', texts: rows.map(detailOf) },
  });
  const same = unchanged === episodes ? 'all episodes are' : `${unchanged} of ${episodes} episodes are`;
  return [table, ...notes.map((note) => `note: ${note}`), `${same} the same to the bit as before`].join('\n');
}

function detailOf({ names, how }: AccountRow): string {
  return [names.length > 0 ? named(names) : null, how ?? null].filter((text) => text !== null).join(': ');
}

function extentOf({ episodes }: AccountRow, all: number): string {
  if (episodes === null) return '-';
  return episodes === all ? 'all' : `${episodes} of ${all}`;
}
