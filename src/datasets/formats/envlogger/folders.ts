import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readError } from '../../../files/problems.js';
import { isFile } from '../../../files/reading.js';

export const METADATA_FILE = 'metadata.riegeli';
/** The files of a shard that are read, that with the steps first: `step_offsets.riegeli` says nothing that these don't. */
export const SHARD_FILES = ['steps', 'episode_index', 'episode_metadata'].map((name) => `${name}.riegeli`);
const [STEPS] = SHARD_FILES;

/** True if a folder holds shards of EnvLogger, or its metadata. */
export function isEnvLogger(root: string): boolean {
  return isFile(join(root, METADATA_FILE)) || foldersIn(root).some((name) => isFile(join(root, name, STEPS)));
}

/** Names of the shards in their order, which is that of their times; and of those without steps. */
export function shardFolders(root: string): { shards: string[]; empty: string[] } {
  try {
    readdirSync(root);
  } catch (error) {
    throw readError(root, error);
  }
  const names = foldersIn(root).filter((name) => SHARD_FILES.some((file) => isFile(join(root, name, file))));
  const sizes = new Map(names.map((name) => [name, sizeOf(join(root, name, STEPS))]));
  // A shard whose steps are missing is no empty one: opening it says so.
  return {
    shards: names.filter((name) => sizes.get(name) !== 0),
    empty: names.filter((name) => sizes.get(name) === 0),
  };
}

/** All files of a dataset, those with the steps first. */
export function filesIn(root: string): string[] {
  const files = SHARD_FILES.flatMap((file) => foldersIn(root).map((name) => join(name, file)));
  return [...files.filter((file) => isFile(join(root, file))), METADATA_FILE];
}

function foldersIn(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
