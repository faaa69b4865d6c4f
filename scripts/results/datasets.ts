import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../src/errors.js';
import { writeFileAtomic } from '../../src/files/atomic.js';
import { createFolderOf } from '../../src/files/folders.js';
import { CLI_PATH, runProgram } from './programs.js';
import type { DatasetRecipe } from './rows/row.js';

/** The command that makes a dataset, as a user would type it. */
export function datasetCommand({ path, args }: DatasetRecipe): string {
  return ['npm run make_demos -- --output', path, ...args].join(' ');
}

/**
 * Makes a dataset unless it is there. Throws a UserError if another command made the one that is there, since its
 * runs would not be what their row says.
 */
export async function ensureDataset(recipe: DatasetRecipe, stop: AbortSignal): Promise<void> {
  const { path, args } = recipe;
  const command = datasetCommand(recipe);
  const notePath = `${path}.command`;
  const made = existsSync(notePath) ? readFileSync(notePath, 'utf8') : null;
  if (existsSync(path) && made !== command) {
    const maker = made === null ? 'something else' : `"${made}"`;
    throw new UserError(`${path} was made by ${maker}, not by "${command}": move it or remove it`);
  }
  if (existsSync(path) && existsSync(path.replace(/\.h5$/, '.json'))) return;
  console.log(command);
  await createFolderOf(path);
  await writeFileAtomic(notePath, command);
  // A process that was killed may have left one of the two files.
  const words = [CLI_PATH, 'make_demos', '--output', path, '--overwrite', ...args];
  console.log((await runProgram(process.execPath, words, stop)).trimEnd());
}
