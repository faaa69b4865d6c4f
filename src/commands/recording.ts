import { type Command, Option } from 'commander';
import type { EnvironmentSpec } from '../../envs/env.js';
import { printResult } from '../console.js';
import { DataCollector } from '../datasets/recording/data_collector.js';
import { WRITABLE_FORMATS } from '../datasets/registry.js';
import { UserError } from '../errors.js';
import { path } from './arguments.js';
import { counted } from './data_description.js';

/** Flags about a recording. */
export interface RecordingFlags {
  record?: string;
  recordFormat: string;
}

/** Adds the flags `--record` and `--record-format` to a command that steps environments; `what` is what it records. */
export function withRecordingFlags(command: Command, what: string): Command {
  return command
    .option(
      '--record <path>',
      `record ${what}, each complete on the disk when it ends, as a dataset there`,
      path,
    )
    .addOption(
      new Option('--record-format <format>', 'with --record: the format of that dataset')
        .choices([...WRITABLE_FORMATS.keys()])
        .default('minari'),
    );
}

/**
 * Does work that is recorded if the user wants it. However the work ends, the finished episodes become a dataset. Throws a UserError
 * before the work if there can be no recording.
 */
export async function recorded(
  { record, recordFormat: format }: RecordingFlags,
  command: Command,
  spec: () => EnvironmentSpec,
  work: (collector: DataCollector | null) => Promise<void>,
): Promise<void> {
  if (record === undefined) {
    if (command.getOptionValueSource('recordFormat') === 'cli') {
      throw new UserError(`--record-format ${format} goes with --record <path>`);
    }
    return work(null);
  }
  const collector = await DataCollector.create(record, { format, spec: spec() });
  try {
    await work(collector);
  } finally {
    const { episodes } = collector;
    const written = await collector.finish();
    await printResult(
      written === null
        ? `${record} was not written: no episode was finished`
        : `${record}: ${counted(episodes, 'episode')} recorded, ${counted(written.steps, 'step')}`,
    );
  }
}
