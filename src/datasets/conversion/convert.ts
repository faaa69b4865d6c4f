import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import type { StopSignal } from '../../stop_signal.js';
import type { Dataset } from '../dataset.js';
import type { DatasetFormat, WritableFormat } from '../format.js';
import type { FormatWriter } from '../format_writer.js';
import { openDataset } from '../registry.js';
import { rowFault, type WholeEpisode, wholeEpisode } from '../whole_episode.js';
import { Account, type AccountRow } from './account.js';
import { compareEpisodes } from './compare_episodes.js';
import { compareHeads } from './compare_heads.js';
import { differingParts, episodeDigest } from './episode_digest.js';
import { NewDataset } from './new_dataset.js';

/** A conversion that is done, and what became of everything. */
export interface Conversion {
  episodes: number;
  steps: number;
  rows: AccountRow[];
  notes: string[];
}

export interface ConversionOptions {
  /** Called after each episode with the number of those written, and then of those read again. */
  onWritten?: ((done: number, total: number) => void) | undefined;
  onVerified?: ((done: number, total: number) => void) | undefined;
  /** Aborting it ends the work with a UserError; nothing is left then. */
  signal?: StopSignal | undefined;
}

/** Opens the dataset at `path` and writes it in another format: see {@link writeDataset}. */
export async function convertDataset(
  path: string,
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<Conversion> {
  const source = await openDataset(path);
  try {
    return await writeDataset(source, format, output, options);
  } finally {
    source.close();
  }
}

/**
 * Writes a dataset, in whatever format or memory it is, to new files. Every episode is read again from them, before they get their
 * names, and has to be the same to the bit as what was written. Throws a UserError if something is at `output`, or if a part that
 * the format needs is missing; then nothing is left behind.
 */
export async function writeDataset(
  source: Dataset,
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<Conversion> {
  const { writing } = format;
  if (!writing.isOutput(output)) {
    throw new UserError(`${output}: a dataset of ${format.name} is ${writing.output}; give such a path`);
  }
  const [problem] = source.head.problems;
  if (problem !== undefined) throw new UserError(`${problem}: such a dataset is not converted`);
  const place = await NewDataset.begin(format, output);
  try {
    const writer = await writing.create({ path: place.path, named: output }, source.head);
    const conversion = await transfer(source, writer, format, place.path, output, options);
    await place.publish();
    return conversion;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // The dataset that is read again has not yet its name.
    throw new UserError(error.message.replaceAll(place.path, output), { cause: error });
  } finally {
    place.discard();
  }
}

/** An episode of the source, and what the format makes of it. */
type Fitted = (index: number) => Promise<[before: WholeEpisode, after: WholeEpisode]>;

async function transfer(
  source: Dataset,
  writer: FormatWriter,
  format: DatasetFormat,
  path: string,
  output: string,
  { onWritten, onVerified, signal }: ConversionOptions,
): Promise<Conversion> {
  const { ids } = source.head;
  const account = new Account();
  const digests: Buffer[] = [];
  const fitted: Fitted = async (index) => {
    checkConversion(output, signal);
    const before = await wholeEpisode(await source.episode(index));
    const fault = rowFault(before);
    if (fault !== null) throw new UserError(`${source.head.path}: ${fault}`);
    try {
      return [before, writer.fit(before, index === ids.length - 1)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${source.head.path}: ${error.message}`, { cause: error });
    }
  };
  let steps = 0;
  try {
    for (const index of ids.keys()) {
      const [before, after] = await fitted(index);
      account.addEpisode(compareEpisodes(before, after));
      digests.push(episodeDigest(after));
      writer.append(after);
      steps += after.length;
      onWritten?.(index + 1, ids.length);
      await setImmediate();
    }
    await writer.finish();
  } catch (error) {
    writer.abort();
    throw error;
  }
  const written = await format.open(path);
  try {
    await verify(written, digests, fitted, output, (done) => {
      checkConversion(output, signal);
      onVerified?.(done, ids.length);
    });
    account.addWhole(compareHeads(source.head, written.head));
  } finally {
    written.close();
  }
  const notes = [...source.head.notes, ...writer.notes()];
  return { episodes: ids.length, steps, rows: account.rows(), notes };
}

/** Reads every episode again. Throws a UserError that names what is not as it was written. */
async function verify(
  written: Dataset,
  digests: readonly Buffer[],
  fitted: Fitted,
  output: string,
  onEpisode: (done: number) => void,
): Promise<void> {
  const { ids } = written.head;
  if (ids.length !== digests.length) {
    throw new UserError(`${output}: ${digests.length} episodes were written, ${ids.length} are read back`);
  }
  for (const [index, digest] of digests.entries()) {
    const episode = await wholeEpisode(await written.episode(index));
    if (!episodeDigest(episode).equals(digest)) {
      const [{ id }, expected] = await fitted(index);
      const parts = differingParts(episode, expected).join(', ');
      throw new UserError(`${output}: of ${id}, these are not read back as they were written: ${parts}`);
    }
    onEpisode(index + 1);
    await setImmediate();
  }
}

function checkConversion(output: string, signal: StopSignal | undefined): void {
  if (signal?.aborted) throw new UserError(`interrupted: ${output} was not written`);
}
