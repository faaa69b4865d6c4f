import { resolve } from 'node:path';
import { z } from 'zod';
import { metadataPath } from '../datasets/formats/maniskill/json.js';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { fileExists, fileSha256, readTextIfThere } from '../files/reading.js';
import { parseJson } from '../json.js';
import type { RunFolder } from './run_folder.js';

/** Contents of a run's `dataset.json`: the files that it learns from. */
const identitySchema = z.object({
  path: z.string(),
  h5_sha256: z.string(),
  json_sha256: z.string(),
});

export type DatasetIdentity = z.output<typeof identitySchema>;

export interface ConfirmOptions {
  /** True if the program has just made the file again, with other times in it: then only the json is compared. */
  isMadeAgain: boolean;
  /** True goes on with other contents too. */
  allowChanged: boolean;
  /** Hears notes for the user. */
  note(text: string): void;
}

/** Reads the whole dataset at `path` and identifies it by its contents. Throws a UserError if it can't be read. */
export async function identifyDataset(path: string): Promise<DatasetIdentity> {
  return {
    path: resolve(path),
    h5_sha256: await fileSha256(path),
    json_sha256: await fileSha256(metadataPath(path)),
  };
}

/**
 * Identifies the dataset at `path` with which a run goes on. Throws a UserError, naming the differences, if the run has
 * learnt from other contents; their path doesn't matter. Runs of earlier versions have no record to compare with.
 */
export async function confirmDataset(
  path: string,
  folder: RunFolder,
  { isMadeAgain, allowChanged, note }: ConfirmOptions,
): Promise<DatasetIdentity> {
  const recorded = recordedDataset(folder);
  if (!(await fileExists(path))) throw missing(path, folder);
  const found = await identifyDataset(path);
  if (recorded === null) {
    note(`it is not recorded which dataset the run began with: going on with ${found.path} as it is`);
    return found;
  }
  const kinds = isMadeAgain ? (['json'] as const) : (['h5', 'json'] as const);
  const changed = kinds.filter((kind) => found[`${kind}_sha256`] !== recorded[`${kind}_sha256`]);
  if (changed.length === 0) return found;
  const files = changed.map(
    (kind) => `the .${kind} has SHA-256 ${digits(found, kind)}, not ${digits(recorded, kind)}`,
  );
  const origin = found.path === recorded.path ? '' : `, ${recorded.path}`;
  const difference = `${found.path} is not what ${folder.path} has learnt from${origin}: ${files.join('; ')}`;
  if (!allowChanged) {
    throw new UserError(
      `${difference}. Bring back the old file, or say where it is with train.dataset_path=<file>.h5; ` +
        '--allow-changed-dataset goes on with the other one',
    );
  }
  note(`${difference}; going on with it, as allowed`);
  return found;
}

/** Records the files that a run learns from. */
export async function recordDataset(folder: RunFolder, identity: DatasetIdentity): Promise<void> {
  const text = `${JSON.stringify(identity, null, 2)}\n`;
  if (readTextIfThere(folder.datasetRecordPath) === text) return;
  await writeFileAtomic(folder.datasetRecordPath, text);
}

function recordedDataset({ datasetRecordPath }: RunFolder): DatasetIdentity | null {
  const text = readTextIfThere(datasetRecordPath);
  if (text === null) return null;
  const recorded = identitySchema.safeParse(parseJson(text)).data;
  if (!recorded)
    throw new UserError(`${datasetRecordPath} is damaged: delete it to go on with the dataset as it is`);
  return recorded;
}

function missing(path: string, folder: RunFolder): UserError {
  return new UserError(
    `${path}, which ${folder.path} learns from, is not there: bring it back, or say where it is now with ` +
      'train.dataset_path=<file>.h5',
  );
}

/** The first digits of a SHA-256: enough to compare with `data info`, and not too many for a line. */
function digits(identity: DatasetIdentity, kind: 'h5' | 'json'): string {
  return `${identity[`${kind}_sha256`].slice(0, 12)}…`;
}
