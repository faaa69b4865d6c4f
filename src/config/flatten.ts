import { ALGORITHM_NAMES } from './algorithm_sections.js';
import { configKeys } from './suggest.js';

/** A configuration as dotted keys (`rlpd.num_qs`) with their values as JSON; lists are values. */
export function flattenConfig(config: object): Map<string, string> {
  return new Map(leaves(config, []));
}

/**
 * The last part of a dotted key where no other key ends so, else the whole: `num_qs`, but `env.num_envs`. Algorithms may
 * have options of the same name: a configuration has only one of them.
 */
export function shortKey(key: string): string {
  const name = key.split('.').at(-1)!;
  const namesakes = configKeys().filter((known) => known.split('.').at(-1) === name);
  return new Set(namesakes.map(withoutAlgorithm)).size > 1 ? key : name;
}

function withoutAlgorithm(key: string): string {
  const [first, ...rest] = key.split('.');
  return (ALGORITHM_NAMES as string[]).includes(first) ? rest.join('.') : key;
}

/** True if `key` is one of `keys` or inside one of them: `logger.wandb` is inside `logger`. */
export function isKeyIn(key: string, keys: readonly string[]): boolean {
  return keys.some((outer) => key === outer || key.startsWith(`${outer}.`));
}

function leaves(value: unknown, path: readonly string[]): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [[path.join('.'), JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
