import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { isRunFolder } from './run_record.js';

/** A sweep keeps its runs one level down; deeper ones are not looked for. */
const DEPTH = 2;

/**
 * The run folders at or below `path`, whole or broken, sorted as people count: `run_9` before `run_10`.
 * Throws a UserError if `path` is no folder.
 */
export function findRuns(path: string): string[] {
  if (!isFolder(path)) throw new UserError(`${path}: no such folder`);
  return runsBelow(path, DEPTH).sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true, sensitivity: 'base' }),
  );
}

function runsBelow(path: string, depth: number): string[] {
  if (isRunFolder(path)) return [path];
  if (depth === 0) return [];
  const folders = readdirSync(path)
    .map((name) => join(path, name))
    .filter(isFolder);
  return folders.flatMap((folder) => runsBelow(folder, depth - 1));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
