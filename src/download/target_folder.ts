import { rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.js';
import { checkFolderWritable, createFolderOf, filesBelow } from '../files/folders.js';
import { writeError } from '../files/problems.js';
import { fileExists } from '../files/reading.js';

/**
 * Makes the folder above `target`. Throws a UserError if files could not be put into `target`: it is a file, it holds
 * a dataset already and `overwrite` is false, or the folder above can't be made.
 */
export async function prepareTarget(target: string, overwrite: boolean): Promise<void> {
  const found = await stat(target).catch(() => null);
  if (found && !found.isDirectory())
    throw new UserError(`${target} is a file, not a folder to put files into`);
  const datasets = found ? filesBelow(target).filter((name) => name.endsWith('.h5')) : [];
  if (datasets.length > 0 && !overwrite) {
    throw new UserError(
      `${target} holds ${datasets[0]}${datasets.length > 1 ? ' and others' : ''} already: ` +
        '--overwrite replaces files of the same name, --output-dir takes another folder',
    );
  }
  createFolderOf(target);
  checkFolderWritable(dirname(target));
}

/**
 * Moves a folder's files to `target`, all at once if there is no such folder yet; files there of other names stay.
 * Throws a UserError before anything is moved if one of them exists and `overwrite` is false.
 */
export async function moveIntoPlace(folder: string, target: string, overwrite: boolean): Promise<void> {
  try {
    if (!(await fileExists(target))) return await rename(folder, target);
    const names = filesBelow(folder);
    for (const name of names) {
      if (!overwrite && (await fileExists(join(target, name)))) {
        throw new UserError(`${join(target, name)} exists: --overwrite replaces it`);
      }
    }
    for (const name of names) {
      createFolderOf(join(target, name));
      await rename(join(folder, name), join(target, name));
    }
  } catch (error) {
    throw error instanceof UserError ? error : writeError(target, error);
  }
}
