import { ALGORITHM_NAMES, DEFAULT_ALGORITHM } from '../../../src/config/algorithm_sections.js';

/** True for a key of another algorithm than the default one, which a configuration of that refuses. */
export function isForeign(key: string): boolean {
  return ALGORITHM_NAMES.some((name) => name !== DEFAULT_ALGORITHM && key.startsWith(`${name}.`));
}
