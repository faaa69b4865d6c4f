import { homedir } from 'node:os';
import { join } from 'node:path';

/** The path with a leading `~` replaced by the user's home folder, as a shell would. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** The path as a user would write it: with `~` for the home folder. */
export function shortenHome(path: string): string {
  const home = homedir();
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
