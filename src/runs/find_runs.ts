import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { isFolder, listFolder } from '../files/folders.js';
import { isRunFolder } from '../training/folder/run_folder.js';

/**
 * The most levels of folders that are searched: names of runs may have slashes, and a sweep keeps its runs one level
 * down.
 */
const DEPTH = 8;

/**
 * The run folders at or below `path`, whole or broken, in natural order: `run_9` before `run_10`. A folder below that
 * can't be read is among them: reading its run tells the reason. Throws a UserError if `path` is no folder, or can't be
 * read.
 */
export function findRuns(path: string): string[] {
  if (!isFolder(path)) throw new UserError(`${path}: no such folder`);
  listFolder(path);
  return runsBelow(path, DEPTH, new Set()).sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true, sensitivity: 'base' }),
  );
}

/** The run folders at or below `path`. `seen` are the folders that were searched: links may lead back to them. */
function runsBelow(path: string, depth: number, seen: Set<string>): string[] {
  const place = realPath(path);
  if (seen.has(place)) return [];
  seen.add(place);
  if (isRunFolder(path)) return [path];
  if (depth === 0) return [];
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(path, entry.name))))
    .flatMap(({ name }) => runsBelow(join(path, name), depth - 1, seen));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
