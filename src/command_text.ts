import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packagePath } from './version.js';

/**
 * A command line of this program to print, such as `npm run rlpd -- train --resume 'exps/my run'`. It works as it
 * stands in the folder that the program was started in: from a clone, from an installed package, and from elsewhere.
 */
export function commandText(...words: string[]): string {
  return [...programWords(), ...words].map(quoted).join(' ');
}

/**
 * A word in the form that a shell reads as this word: in quotes if it has characters that a shell would read otherwise.
 */
export function quoted(word: string): string {
  // The shell, not this program, replaces a leading `~/`, which it does outside of quotes only.
  if (word.startsWith('~/')) return word === '~/' ? word : `~/${quoted(word.slice(2))}`;
  if (/^[\p{L}\p{N}_@%+:,./-][\p{L}\p{N}_@%+=:,./~-]*$/u.test(word)) return word;
  if (process.platform === 'win32') return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The words that start the program from the working folder. */
function programWords(): string[] {
  const root = dirname(packagePath('package.json'));
  const isInstalled = dirname(root).endsWith('node_modules');
  if (!isInstalled) return isHere(root) ? ['npm', 'run', 'rlpd', '--'] : ['node', cliPath(root)];
  // npx looks for commands in the working folder and those above it.
  const below = relative(dirname(dirname(root)), process.cwd());
  const isBelow = !below.startsWith('..') && existsSync(join(dirname(root), '.bin', 'rlpd'));
  return isBelow ? ['npx', 'rlpd'] : ['node', cliPath(root)];
}

function isHere(root: string): boolean {
  return relative(root, process.cwd()) === '';
}

function cliPath(root: string): string {
  return join(root, 'dist', 'src', 'cli.js');
}
