import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, normalize, resolve } from 'node:path';
import { UserError } from '../errors.js';

/**
 * The path with a leading `~` replaced by the home folder, which shells do not do inside of words and quotes. Throws a
 * UserError for another user's home, so that no folder comes to be called `~name`, and if no home folder is known.
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

/** The folder that HOME names, or else the system for this user; null if there is none, as in some containers. */
function homeFolder(): string | null {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find();
      if (isAbsolute(home)) return home;
    } catch {}
  }
  return null;
}
