import { flattenConfig, isKeyIn, shortKey } from '../config/flatten.js';
import { loadConfig, recipePaths } from '../config/load.js';
import { writeText } from '../config/read_value.js';
import type { Config } from '../config/schema.js';
import { withoutTaskDefaults } from '../config/task_defaults.js';
import { UserError } from '../errors.js';

/** The recipe that a configuration comes from, and the keys in which it differs, with their values as JSON. */
export interface RecipeDifference {
  /** Its file's name: `default.yml`. */
  recipe: string;
  overrides: Map<string, string>;
}

/** Keys that identify a run or concern its logs and display, and have no part in its learning. */
export const IDENTITY_KEYS = ['seed', 'demo_seed', 'logger', 'verbose', 'demo_type', 'config_type'];

/**
 * Compares configurations with the recipe in `configs/` that each differs least from: a run folder holds every value,
 * and this shows the few that somebody chose. `ignored` keys, and all keys inside them, don't count.
 */
export class RecipeBook {
  private readonly recipes: { name: string; values: Map<string, string> }[];

  constructor(private readonly ignored: readonly string[]) {
    this.recipes = recipePaths().flatMap((path) => {
      const config = loadIfValid(path);
      return config
        ? [{ name: path.split('/').at(-1)!, values: flattenConfig(withoutTaskDefaults(config)) }]
        : [];
    });
  }

  compare(config: Config): RecipeDifference {
    const values = [...flattenConfig(withoutTaskDefaults(config))].filter(
      ([key]) => !isKeyIn(key, this.ignored),
    );
    const candidates = this.recipes.map(({ name, values: known }) => ({
      recipe: name,
      overrides: new Map(values.filter(([key, value]) => known.get(key) !== value)),
    }));
    return candidates.reduce((best, next) => (next.overrides.size < best.overrides.size ? next : best));
  }
}

/** An override as one would write it on the command line, with the short key: `num_qs=10`. */
export function overrideText(key: string, json: string): string {
  return `${shortKey(key)}=${writeText(JSON.parse(json))}`;
}

/**
 * A recipe, or undefined if it is wrong: somebody may be writing it, and then it is no run's recipe. One without a task is
 * complete with data, which its user gives.
 */
function loadIfValid(path: string): Config | undefined {
  return loadWith(path, []) ?? loadWith(path, ['train.dataset_path=given']);
}

function loadWith(path: string, words: readonly string[]): Config | undefined {
  try {
    return loadConfig(path, words);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
