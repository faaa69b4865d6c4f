import { flattenConfig, isKeyIn, shortKey } from '../config/flatten.js';
import { loadConfig, recipePaths } from '../config/load.js';
import { writeText } from '../config/read_value.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';

/** The recipe that a configuration comes from, and the keys in which it differs, with their values as JSON. */
export interface RecipeDifference {
  /** Its file's name: `default.yml`. */
  recipe: string;
  overrides: Map<string, string>;
}

/** Keys that say which run it is and how it is watched, not how it learns. */
export const IDENTITY_KEYS = ['seed', 'demo_seed', 'logger', 'verbose', 'demo_type', 'config_type'];

/**
 * Compares configurations with the recipe in `configs/` that each differs least from: a run folder holds every value,
 * and this shows the few that somebody chose. `ignored` keys, or all keys inside them, don't count.
 */
export class RecipeBook {
  private readonly recipes: { name: string; values: Map<string, string> }[];

  constructor(private readonly ignored: readonly string[]) {
    this.recipes = recipePaths().flatMap((path) => {
      const config = loadIfValid(path);
      return config ? [{ name: path.split('/').at(-1)!, values: flattenConfig(config) }] : [];
    });
  }

  compare(config: Config): RecipeDifference {
    const values = [...flattenConfig(config)].filter(([key]) => !isKeyIn(key, this.ignored));
    const candidates = this.recipes.map(({ name, values: known }) => ({
      recipe: name,
      overrides: new Map(values.filter(([key, value]) => known.get(key) !== value)),
    }));
    return candidates.reduce((best, next) => (next.overrides.size < best.overrides.size ? next : best));
  }
}

/** `num_qs=10`: the short key, and the value as one would write it on the command line. */
export function overrideText(key: string, json: string): string {
  return `${shortKey(key)}=${writeText(JSON.parse(json))}`;
}

/** A recipe somebody is writing may be wrong at the moment; it can't be a run's then. */
function loadIfValid(path: string): Config | undefined {
  try {
    return loadConfig(path, []);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
