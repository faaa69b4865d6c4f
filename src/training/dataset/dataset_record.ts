import { resolve } from 'node:path';
import { z } from 'zod';
import { formatOf } from '../../datasets/registry.js';
import { UserError } from '../../errors.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { fileExists, fileSha256, readTextIfThere } from '../../files/reading.js';
import { parseJson } from '../../json.js';
import type { RunFolder } from '../folder/run_folder.js';

/** A dataset in a run's `dataset.json`: which files it learns from. */
const identitySchema = z
  .object({ path: z.string() })
  .catchall(z.string())
  .transform(({ path, ...hashes }) => ({ path, hashes }));

/** Contents of the file: one dataset, or a list of several. */
const recordSchema = z.union([
  identitySchema.transform((identity) => [identity]),
  z.array(identitySchema).min(1),
]);

/** A dataset's path, and the SHA-256 of each of its files under `<name>_sha256`. */
export type DatasetIdentity = z.output<typeof identitySchema>;

/** Files that are named, where many have changed. */
const MAX_NAMED = 3;

export interface ConfirmOptions {
  /** The program has just made the files again, of which the times in the .h5 tell: only what the json says counts. */
  isMadeAgain: boolean;
  /** True goes on with other contents too. */
  allowChanged: boolean;
  /** Hears notes for the user. */
  note(text: string): void;
}

/** Reads whole datasets and identifies each by its contents. Throws a UserError if one can't be read. */
export async function identifyDatasets(paths: readonly string[]): Promise<DatasetIdentity[]> {
  const identities: DatasetIdentity[] = [];
  for (const path of paths) identities.push(await identifyDataset(path));
  return identities;
}

async function identifyDataset(path: string): Promise<DatasetIdentity> {
  const format = await formatOf(path);
  const hashes: Record<string, string> = {};
  for (const [name, file] of format.files(path)) hashes[`${name}_sha256`] = await fileSha256(file);
  return { path: resolve(path), hashes };
}

/**
 * Identifies the datasets with which a run goes on. Throws a UserError, naming the differences, if the run has
 * learnt from other contents; their paths don't matter, but their order. Runs of earlier versions have no record to compare with.
 */
export async function confirmDatasets(
  paths: readonly string[],
  folder: RunFolder,
  options: ConfirmOptions,
): Promise<DatasetIdentity[]> {
  const recorded = recordedDatasets(folder);
  if (recorded && recorded.length !== paths.length) {
    const difference = `${folder.path} has learnt from ${recorded.map(({ path }) => path).join(' and ')}, not from ${paths.join(' and ')}`;
    if (!options.allowChanged) throw new UserError(`${difference}. ${WAYS_ON}`);
    options.note(`${difference}; going on with these, as allowed`);
    return identifyDatasets(paths);
  }
  const found: DatasetIdentity[] = [];
  for (const [place, path] of paths.entries()) {
    found.push(await confirmDataset(path, recorded?.[place] ?? null, folder, options));
  }
  return found;
}

const WAYS_ON =
  'Bring back the old file, or say where it is with train.dataset_path=<path>; ' +
  '--allow-changed-dataset goes on with the other one';

async function confirmDataset(
  path: string,
  recorded: DatasetIdentity | null,
  folder: RunFolder,
  { isMadeAgain, allowChanged, note }: ConfirmOptions,
): Promise<DatasetIdentity> {
  if (!(await fileExists(path))) throw missing(path, folder);
  const found = await identifyDataset(path);
  if (recorded === null) {
    note(`it is not recorded which dataset the run began with: going on with ${found.path} as it is`);
    return found;
  }
  const keys = isMadeAgain ? ['json_sha256'] : Object.keys({ ...recorded.hashes, ...found.hashes });
  const changed = keys.filter((key) => found.hashes[key] !== recorded.hashes[key]);
  if (changed.length === 0) return found;
  const files = changed.slice(0, MAX_NAMED).map((key) => {
    const name = key.replace('_sha256', '');
    const file = name.includes('/') ? name : `the .${name}`;
    return `${file} has SHA-256 ${digits(found.hashes[key])}, not ${digits(recorded.hashes[key])}`;
  });
  if (changed.length > MAX_NAMED) files.push(`and ${changed.length - MAX_NAMED} more files`);
  const origin = found.path === recorded.path ? '' : `, ${recorded.path}`;
  const difference = `${found.path} is not what ${folder.path} has learnt from${origin}: ${files.join('; ')}`;
  if (!allowChanged) {
    throw new UserError(`${difference}. ${WAYS_ON}`);
  }
  note(`${difference}; going on with it, as allowed`);
  return found;
}

/** Records the files that a run learns from. */
export async function recordDatasets(
  folder: RunFolder,
  identities: readonly DatasetIdentity[],
): Promise<void> {
  const entries = identities.map(({ path, hashes }) => ({ path, ...hashes }));
  const text = `${JSON.stringify(entries.length === 1 ? entries[0] : entries, null, 2)}\n`;
  if (readTextIfThere(folder.datasetRecordPath) === text) return;
  await writeFileAtomic(folder.datasetRecordPath, text);
}

function recordedDatasets({ datasetRecordPath }: RunFolder): DatasetIdentity[] | null {
  const text = readTextIfThere(datasetRecordPath);
  if (text === null) return null;
  const recorded = recordSchema.safeParse(parseJson(text)).data;
  if (!recorded)
    throw new UserError(`${datasetRecordPath} is damaged: delete it to go on with the dataset as it is`);
  return recorded;
}

function missing(path: string, folder: RunFolder): UserError {
  return new UserError(
    `${path}, which ${folder.path} learns from, is not there: bring it back, or say where it is now with ` +
      'train.dataset_path=<path>',
  );
}

/** The first digits of a hash: enough to compare with `data info`, and short enough for a line. */
function digits(sha256: string | undefined): string {
  return sha256 === undefined ? 'none' : `${sha256.slice(0, 12)}…`;
}
