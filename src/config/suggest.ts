import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { configSchema } from './schema.js';

/** The dotted names of all config values, such as `sac.num_qs`. */
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

/** The candidate with the nearest spelling, within a third of the word's length. Undefined if none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const nearest = closest(word, candidates);
  return distance(word, nearest) <= Math.max(2, word.length / 3) ? nearest : undefined;
}

function parentKeys(key: string): string[] {
  const parts = key.split('.');
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('.'));
}

function leafKeys(schema: z.core.$ZodType, path: string[]): string[] {
  const shape = objectShape(schema);
  if (!shape) return [path.join('.')];
  return Object.entries(shape).flatMap(([key, inner]) => leafKeys(inner, [...path, key]));
}

function objectShape(schema: z.core.$ZodType): Record<string, z.core.$ZodType> | undefined {
  const definition = schema._zod.def as z.core.$ZodTypeDef & {
    shape?: Record<string, z.core.$ZodType>;
    innerType?: z.core.$ZodType;
  };
  if (definition.shape) return definition.shape;
  return definition.innerType ? objectShape(definition.innerType) : undefined;
}
