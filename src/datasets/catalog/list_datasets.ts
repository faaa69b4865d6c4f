import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { isFolder } from '../../files/folders.js';
import type { DatasetFormat } from '../format.js';
import { detectFormat } from '../registry.js';
import { checkStop, type VerifyOptions } from '../verification.js';
import { type DatasetRoot, datasetRoots } from './dataset_roots.js';

/** A dataset that was found. */
export interface ListedDataset {
  /** The name by which it is opened: its path below the folder. */
  id: string;
  path: string;
  format: string;
  /** null if its head can't be read; `problem` says why then. */
  episodes: number | null;
  bytes: number;
  problem: string | null;
}

/** A folder of datasets, and what is in it. */
export interface ListedRoot extends DatasetRoot {
  datasets: ListedDataset[];
}

/** Folders further down belong to no layout that is known. */
const MAX_DEPTH = 8;
/** Folders that hold no datasets, however many files they have. */
const IGNORED = new Set(['node_modules', '__pycache__']);

/** Lists the datasets in the folders where programs keep them: those that are there. */
export async function listDatasets(options: Pick<VerifyOptions, 'signal'> = {}): Promise<ListedRoot[]> {
  const listed: ListedRoot[] = [];
  for (const root of datasetRoots()) {
    if (isFolder(root.folder))
      listed.push({ ...root, datasets: await listFolderDatasets(root.folder, options) });
  }
  return listed;
}

/** Lists the datasets below a folder, by their heads alone. Throws a UserError if there is no such folder. */
export async function listFolderDatasets(
  folder: string,
  { signal }: Pick<VerifyOptions, 'signal'> = {},
): Promise<ListedDataset[]> {
  if (!isFolder(folder)) throw new UserError(`${folder}: no such folder`);
  const found: ListedDataset[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    checkStop(folder, signal);
    await setImmediate();
    const format = await detectFormat(path);
    if (format) {
      const id = relative(folder, path).replaceAll(sep, '/') || basename(path);
      const files = isFolder(path) ? [path] : [...format.files(path).values()];
      found.push({ id, path, format: format.name, bytes: sizeOf(files), ...(await headOf(format, path)) });
    } else if (depth < MAX_DEPTH && isFolder(path)) {
      for (const name of namesIn(path)) await visit(join(path, name), depth + 1);
    }
  };
  await visit(folder, 0);
  return found;
}

async function headOf(
  format: DatasetFormat,
  path: string,
): Promise<Pick<ListedDataset, 'episodes' | 'problem'>> {
  try {
    const dataset = await format.open(path);
    dataset.close();
    return { episodes: dataset.head.ids.length, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { episodes: null, problem: error.message };
  }
}

/** Names of what may be a dataset or a folder of some, in the order of the alphabet. */
function namesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    // Links may lead back to where the search came from.
    const candidates = entries.filter(
      (entry) =>
        (entry.isDirectory() && !IGNORED.has(entry.name)) ||
        (entry.isFile() && /\.(h5|hdf5)$/.test(entry.name)),
    );
    return candidates
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch {
    // A folder that can't be read has nothing to list.
    return [];
  }
}

/** The size of files, and of all that is in folders. */
function sizeOf(paths: readonly string[]): number {
  let bytes = 0;
  for (const path of paths) {
    const files = isFolder(path)
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
      : [path];
    for (const file of files) {
      const found = statSync(file, { throwIfNoEntry: false });
      if (found?.isFile()) bytes += found.size;
    }
  }
  return bytes;
}
