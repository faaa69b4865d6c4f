import { nearestWord } from '../../envs/nearest_word.js';
import { configSchema } from './schema.js';
import { keysOf, type Schema } from './schema_tree.js';

/** The dotted names of all config values, such as `rlpd.num_qs`. */
export function configKeys(): string[] {
  return leafKeys(configSchema, []);
}

/**
 * The one of `keys` that someone who wrote `key` probably meant: the same last name elsewhere, else the nearest spelling
 * within a third of its length. Undefined if nothing is near.
 */
export function nearestKey(key: string, keys: readonly string[] = configKeys()): string | undefined {
  const sameName = keys.find((known) => known.split('.').at(-1) === key.split('.').at(-1));
  if (sameName) return sameName;
  const candidates = [...keys, ...new Set(keys.flatMap((known) => parentKeys(known)))];
  return nearestWord(key, candidates);
}

function parentKeys(key: string): string[] {
  const parts = key.split('.');
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('.'));
}

function leafKeys(schema: Schema, path: string[]): string[] {
  const keys = keysOf(schema);
  if (!keys) return [path.join('.')];
  return Object.entries(keys).flatMap(([key, inner]) => leafKeys(inner, [...path, key]));
}
