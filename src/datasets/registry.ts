import { UserError } from '../errors.js';
import { fileExists } from '../files/reading.js';
import { placesOfId } from './catalog/dataset_ids.js';
import type { Dataset, DatasetTask } from './dataset.js';
import type { DatasetFormat, WritableFormat } from './format.js';
import { d4rl } from './formats/d4rl/format.js';
import { envlogger } from './formats/envlogger/format.js';
import { lerobot } from './formats/lerobot/format.js';
import { maniskill } from './formats/maniskill/format.js';
import { minari } from './formats/minari/format.js';
import { recording } from './formats/recording/format.js';
import { rlUnplugged } from './formats/rl_unplugged/format.js';
import { rlds } from './formats/rlds/format.js';
import { robomimic } from './formats/robomimic/format.js';
import type { Verification, VerifyOptions } from './verification.js';
import { verifyEpisodes } from './verify_episodes.js';

/** Every format, in the order in which they are tried. */
export const DATASET_FORMATS: readonly DatasetFormat[] = [
  recording,
  maniskill,
  minari,
  robomimic,
  d4rl,
  lerobot,
  rlds,
  rlUnplugged,
  envlogger,
];

/** The formats that a program has registered. */
const registered: DatasetFormat[] = [];

/**
 * Makes a format of a program's own known to everything that takes a dataset, in this thread. It is tried before the others. Throws if its
 * name is taken.
 */
export function registerFormat(format: DatasetFormat): void {
  if (allFormats().some(({ name }) => name === format.name)) {
    throw new Error(`there is a format "${format.name}" already`);
  }
  registered.push(format);
}

function allFormats(): DatasetFormat[] {
  return [...registered, ...DATASET_FORMATS];
}

/** The formats that can be written, by their names on the command line. */
export const WRITABLE_FORMATS: ReadonlyMap<string, WritableFormat> = new Map(
  DATASET_FORMATS.filter(isWritable).map((format) => [format.name.toLowerCase(), format]),
);

function isWritable(format: DatasetFormat): format is WritableFormat {
  return format.writing !== undefined;
}

/** The format of what is at `path`; null if it is none that is known. */
export async function detectFormat(path: string): Promise<DatasetFormat | null> {
  for (const format of allFormats()) {
    if (await format.detect(path)) return format;
  }
  return null;
}

/**
 * The path of a dataset that is given by it, or by its id, `pendulum/expert-v1`: its path below a folder where a program keeps
 * datasets. What is neither stays as it is. Throws a UserError if an id means several datasets.
 */
export async function locateDataset(given: string): Promise<string> {
  if (await fileExists(given)) return given;
  const places: string[] = [];
  for (const place of placesOfId(given)) {
    if (await detectFormat(place)) places.push(place);
  }
  if (places.length > 1) {
    throw new UserError(`${given} may be ${places.join(' or ')}: give the path of the one that you mean`);
  }
  return places[0] ?? given;
}

/** The format of a dataset, given by its path or its id, and its path. Throws a UserError if it is none that is known. */
export async function datasetAt(given: string): Promise<{ format: DatasetFormat; path: string }> {
  const path = await locateDataset(given);
  const format = await detectFormat(path);
  if (format) return { format, path };
  const problem = (await fileExists(path)) ? 'not a dataset of a known format' : 'no such file or folder';
  throw new UserError(`${path}: ${problem}; the formats are ${formatsText()}`);
}

/** The format of a dataset, as {@link datasetAt} finds it. */
export async function formatOf(given: string): Promise<DatasetFormat> {
  return (await datasetAt(given)).format;
}

/** All formats with the files of each, for people. */
export function formatsText(): string {
  return allFormats()
    .map(({ name, given }) => `${name} (${given})`)
    .join(', ');
}

/** Opens a dataset of whatever format, by its path or its id, for a training in `task` if one is given. */
export async function openDataset(given: string, task?: DatasetTask): Promise<Dataset> {
  const { format, path } = await datasetAt(given);
  return format.open(path, task);
}

/**
 * Reads every episode of a dataset, one at a time, and collects what is wrong: all that a training or a replay would refuse.
 * Unlike them, it goes on to the end. Throws a UserError only if the dataset can't be opened at all.
 */
export async function verifyDataset(given: string, options: VerifyOptions = {}): Promise<Verification> {
  const { format, path } = await datasetAt(given);
  if (format.verify) return format.verify(path, options);
  const dataset = await format.open(path);
  try {
    return await verifyEpisodes(dataset, options);
  } finally {
    dataset.close();
  }
}
