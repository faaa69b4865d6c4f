import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors.js';
import { limitProblem } from '../limits.js';

/** The error to tell the user when the file or folder `path` could not be written, made or replaced. */
export function writeError(path: string, error: unknown): UserError {
  return new UserError(
    `can't write ${path}: ${problemWith(path, error) ?? 'its file system takes nothing there'}`,
    {
      cause: error,
    },
  );
}

/** The error to tell the user when the file or folder `path` could not be read or listed. */
export function readError(path: string, error: unknown): UserError {
  return new UserError(`can't read ${path}: ${problemWith(path, error) ?? 'no such file or folder'}`, {
    cause: error,
  });
}

/** The system's code of an error, such as `ENOENT`; undefined if it is not the system's. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** The problem with a path in words; undefined if nothing is there, and nothing keeps it from being made. */
function problemWith(path: string, error: unknown): string | undefined {
  switch (systemCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'read-only file system';
    case 'ENOSPC':
      return 'no space left on the disk';
    case 'EDQUOT':
      return 'your share of the disk is used up';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    case 'EISDIR':
      return 'it is a folder';
    case 'ELOOP':
      return 'a link on the way leads to itself';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
      return obstacleOnTheWayTo(path);
    default:
      return limitProblem(error) ?? messageOf(error);
  }
}

/** The first part of `path`, from its root, that is not the folder it would have to be. */
function obstacleOnTheWayTo(path: string): string | undefined {
  for (const part of partsOf(path)) {
    const isWhole = part === path;
    const entry = look(lstatSync, part);
    if (!entry) return isWhole ? undefined : 'its folder does not exist';
    const target = look(statSync, part);
    if (!target) return isWhole ? 'it is a link to nothing' : `${part} is a link to nothing`;
    if (!target.isDirectory()) return isWhole ? 'it is not a folder' : `${part} is not a folder`;
  }
  return undefined;
}

/** The path and all folders above it, from its root: `a`, `a/b` and `a/b/c` of `a/b/c`. */
function partsOf(path: string): string[] {
  const above = dirname(path);
  return above === path || above === '.' ? [path] : [...partsOf(above), path];
}

function look(stat: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return stat(path);
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
