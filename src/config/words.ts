import { UserError } from '../errors.js';
import { expandHome } from '../files/paths.js';
import { keyOf } from './key_use.js';

/** Splits the words of a command into the config file and the `key=value` overrides. */
export function splitWords(words: readonly string[]): { path: string | undefined; overrides: string[] } {
  const paths = words.filter((word) => !word.includes('=') && /\.ya?ml$/.test(word));
  if (paths.length > 1) throw new UserError(`one config file at a time, got ${paths.join(' and ')}`);
  const overrides = words.filter((word) => word !== paths[0]);
  return { path: paths[0] === undefined ? undefined : expandHome(paths[0]), overrides };
}

/** Notes on keys that are given more than once. */
export function repeatNotes(overrides: readonly string[]): string[] {
  const last = new Map(overrides.map((override) => [keyOf(override), override]));
  const repeated = [...last].filter(([key]) => overrides.filter((word) => keyOf(word) === key).length > 1);
  return repeated.map(([key, override]) => `note: ${key} is given more than once: ${override} counts`);
}
