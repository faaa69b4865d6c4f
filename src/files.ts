import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { UserError } from './errors.js';
import { limitProblem } from './limits.js';

/** Throws a UserError if the working folder was removed: relative paths lead nowhere then, and Node loops over some. */
export function checkWorkingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new UserError('the folder that this was started in does not exist any more: go to another', {
      cause,
    });
  }
}

/** Whether something exists at `path`. */
export async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The SHA-256 of a file in hexadecimal digits. `onBytes` is called with the number of bytes read so far. */
export async function fileSha256(path: string, onBytes: (bytes: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    onBytes(bytes);
  }
  return hash.digest('hex');
}

/**
 * The path that a user means: with a leading `~` replaced by the home folder, which shells do not do inside of words and
 * quotes. Throws a UserError for another user's home, so that no folder comes to be called `~name`, and if nobody knows
 * what ~ is.
 */
export function expandHome(path: string): string {
  if (path === '~' || path.startsWith('~/')) {
    const home = homeFolder();
    if (home !== null) return join(home, path.slice(1));
    throw new UserError(`${path}: set the environment variable HOME, as nobody knows what ~ is`);
  }
  if (path.startsWith('~')) {
    throw new UserError(
      `${path}: only ~/ is known, not other home folders: write the whole path, or ./${path}`,
    );
  }
  // Joining and shortening would take the ./ away, and the next to read it would take ~ for the home folder.
  return normalize(path).startsWith('~') ? resolve(path) : path;
}

/** The path as a user would write it: with `~` for the home folder. */
export function shortenHome(path: string): string {
  const home = homeFolder();
  if (home === null) return path;
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** What HOME names, or else the system for this user; null if that is no folder or unknown, as in some containers. */
function homeFolder(): string | null {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (isAbsolute(home)) return home;
    } catch {}
  }
  return null;
}

/** Creates the folder that `path` is to lie in. Throws a UserError if it can't be. */
export async function createFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw writeError(path, error);
  });
}

/** A hidden name beside `path` to write to before renaming; beside, because a rename can't cross file systems. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
}

/** The process that a temporary name belongs to; null for other names. */
export function temporaryOwner(name: string): number | null {
  const match = /^\..+\.(\d+)\.tmp$/.exec(name);
  return match && Number(match[1]);
}

/**
 * Writes a whole file or nothing: under a temporary name, flushed to the disk, then renamed. A crash, a full disk or
 * Ctrl-C leaves a file that was there before untouched. Throws a UserError naming the file if it can't be written.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, 'w');
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(path, error);
  }
}

/** What to tell the user when writing to `path` failed. */
export function writeError(path: string, error: unknown): UserError {
  return new UserError(`can't write ${path}: ${writeProblem(error)}`, { cause: error });
}

function writeProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOSPC':
      return 'no space left on the disk';
    case 'ENOENT':
      return 'its folder does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    default:
      return limitProblem(error) ?? (error instanceof Error ? error.message : String(error));
  }
}
