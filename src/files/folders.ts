import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../errors.js';
import { readError, systemCode, writeError } from './problems.js';
import { removeStrays, temporaryPath } from './temporary_names.js';

/** Makes a folder, with those above it, unless it is there. Throws a UserError naming the one that can't be made. */
export function createFolder(path: string): void {
  if (isFolder(path)) return;
  // Of its own accord, `mkdirSync` tries forever in file systems that take no new folders, such as /proc.
  const above = dirname(path);
  if (above !== path) createFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw writeError(path, error);
  }
}

/** Makes the folder that `path` is to lie in. Throws a UserError if it can't be made. */
export function createFolderOf(path: string): void {
  createFolder(dirname(path));
}

/**
 * Makes a folder in one that exists and returns true; false if it exists already. Of several processes, only one gets
 * true. Throws a UserError if it can't be made.
 */
export function claimFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw writeError(path, error);
  }
}

/**
 * Makes a folder of its own among the system's temporary ones; its name begins with `rlpd-<purpose>-`. Throws a UserError if
 * there can be none.
 */
export function createTemporaryFolder(purpose: string): string {
  const folder = tmpdir();
  try {
    return mkdtempSync(join(folder, `rlpd-${purpose}-`));
  } catch (cause) {
    throw new UserError(`can't write to ${folder}: set the environment variable TMPDIR to a folder`, {
      cause,
    });
  }
}

/** True if there is a folder at `path`, or a link to one. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The names in a folder. Throws a UserError if it can't be read. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw readError(path, error);
  }
}

/** The paths of all files below a folder, from there, sorted. Throws a UserError if it can't be read. */
export function filesBelow(path: string): string[] {
  try {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files.map((entry) => relative(path, join(entry.parentPath, entry.name))).sort();
  } catch (error) {
    throw readError(path, error);
  }
}

/** Removes a folder with all that is in it, if it is there. Throws a UserError if it can't be removed. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw writeError(path, error);
  }
}

/** Removes a folder if there is nothing in it; else it stays, without an error. */
export function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It is not empty, no folder, or gone.
  }
}

/**
 * Throws a UserError unless a file can be written at `path`: before the work, not after it. It writes one beside it to
 * find out, as a file system may refuse a file that its permissions allow; files that killed commands left there are
 * removed.
 */
export function checkWritable(path: string): void {
  let isInTheWay: boolean | undefined;
  try {
    isInTheWay = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  } catch (error) {
    throw writeError(path, error);
  }
  if (isInTheWay) throw new UserError(`can't write ${path}: it is a folder`);
  tryOut(dirname(path), path);
}

/** Throws a UserError unless files can be written in a folder, as {@link checkWritable}. */
export function checkFolderWritable(path: string): void {
  tryOut(path, path);
}

function tryOut(folder: string, named: string): void {
  removeStrays(folder);
  const probe = temporaryPath(join(folder, 'probe'));
  try {
    writeFileSync(probe, '', { flag: 'wx' });
    rmSync(probe);
  } catch (error) {
    throw writeError(named, error);
  }
}
