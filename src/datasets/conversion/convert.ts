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
  /** Episodes that are the same to the bit as those of the source. */
  unchanged: number;
  rows: AccountRow[];
  notes: string[];
}

/** A dataset to write, and the path that it is to have. */
export interface WrittenPart {
  source: Dataset;
  output: string;
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
export function writeDataset(
  source: Dataset,
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<Conversion> {
  return writeDatasets([{ source, output }], format, options);
}

/** Writes several datasets, all or none, as {@link writeDataset} does; what is counted is the sum of them. */
export async function writeDatasets(
  parts: readonly WrittenPart[],
  format: WritableFormat,
  options: ConversionOptions = {},
): Promise<Conversion> {
  for (const part of parts) checkPart(part, format);
  const places: NewDataset[] = [];
  try {
    for (const { output } of parts) places.push(await NewDataset.begin(format, output));
    const conversion = await transferAll(parts, places, format, options);
    await publishAll(places);
    return conversion;
  } finally {
    for (const place of places) place.discard();
  }
}

function checkPart({ source, output }: WrittenPart, { name, writing }: WritableFormat): void {
  if (!writing.isOutput(output)) {
    throw new UserError(`${output}: a dataset of ${name} is ${writing.output}; give such a path`);
  }
  const [problem] = source.head.problems;
  if (problem !== undefined) throw new UserError(`${problem}: such a dataset is not converted`);
}

async function publishAll(places: readonly NewDataset[]): Promise<void> {
  const published: NewDataset[] = [];
  try {
    for (const place of places) {
      await place.publish();
      published.push(place);
    }
  } catch (error) {
    for (const place of published) await place.withdraw();
    throw error;
  }
}

async function transferAll(
  parts: readonly WrittenPart[],
  places: readonly NewDataset[],
  format: WritableFormat,
  { onWritten, onVerified, signal }: ConversionOptions,
): Promise<Conversion> {
  const account = new Account();
  const sum = { episodes: 0, steps: 0, unchanged: 0 };
  const notes = new Set<string>();
  const total = parts.reduce((count, { source }) => count + source.head.ids.length, 0);
  for (const [i, { source, output }] of parts.entries()) {
    const { path } = places[i];
    const before = sum.episodes;
    try {
      const writer = await format.writing.create({ path, named: output }, source.head);
      const done = await transfer(source, writer, format, path, output, account, {
        onWritten: (count) => onWritten?.(before + count, total),
        onVerified: (count) => onVerified?.(before + count, total),
        signal,
      });
      sum.episodes += source.head.ids.length;
      sum.steps += done.steps;
      sum.unchanged += done.unchanged;
      for (const note of [...source.head.notes, ...writer.notes()]) notes.add(note);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // The dataset that is read again has not yet its name.
      throw new UserError(error.message.replaceAll(path, output), { cause: error });
    }
  }
  return { ...sum, rows: account.rows(), notes: [...notes] };
}

/** An episode of the source, and what the format makes of it. */
type Fitted = (index: number) => Promise<[before: WholeEpisode, after: WholeEpisode]>;

async function transfer(
  source: Dataset,
  writer: FormatWriter,
  format: DatasetFormat,
  path: string,
  output: string,
  account: Account,
  { onWritten, onVerified, signal }: ConversionOptions,
): Promise<Pick<Conversion, 'steps' | 'unchanged'>> {
  const { ids } = source.head;
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
  let unchanged = 0;
  try {
    for (const index of ids.keys()) {
      const [before, after] = await fitted(index);
      account.addEpisode(compareEpisodes(before, after));
      const digest = episodeDigest(after);
      if (digest.equals(episodeDigest(before))) unchanged++;
      digests.push(digest);
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
  return { steps, unchanged };
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
