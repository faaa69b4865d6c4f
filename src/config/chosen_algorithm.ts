import { UserError } from '../errors.js';
import {
  ALGORITHM_NAMES,
  type AlgorithmName,
  algorithmOf,
  ownOptions,
  type Section,
  SHARED_OPTIONS,
} from './algorithm_sections.js';
import { type ConfigTree, isTree, setValueAt, valueAt } from './overrides.js';
import type { Config, Settings } from './schema.js';

/** The options in the section of a configuration's algorithm, by key. */
export function sectionOf(config: Settings): Section {
  return config[config.algo] ?? {};
}

/** All options of a configuration's algorithm by their names in its file, as `createLearner` takes them. */
export function algorithmOptions(config: Config): Record<string, unknown> {
  const { shape } = algorithmOf(config.algo).options;
  const shared = Object.entries(SHARED_OPTIONS).filter(([option]) => option in shape);
  const section = sectionOf(config);
  return Object.fromEntries([
    ...shared.map(([option, key]) => [option, valueAt(config, key.split('.'))]),
    ...ownOptions(config.algo).map(({ option, key }) => [option, section[key]]),
  ]);
}

/**
 * The tree with a section for its algorithm. Throws a UserError, which names `source`, if it has options of another: they
 * would change nothing.
 */
export function withOwnSection(tree: ConfigTree, algo: AlgorithmName, source: string): ConfigTree {
  for (const other of ALGORITHM_NAMES) {
    const section = tree[other];
    if (other === algo || section === undefined || section === null) continue;
    const [key] = isTree(section) ? Object.keys(section) : [];
    if (key !== undefined) {
      throw new UserError(
        `${source}: ${other}.${key} is an option of ${other}, and the algorithm is ${algo}: ` +
          `leave out the section ${other}, or choose algo=${other}`,
      );
    }
  }
  const others = Object.entries(tree).filter(([key]) => !(ALGORITHM_NAMES as string[]).includes(key));
  return { ...Object.fromEntries(others), [algo]: tree[algo] ?? {} };
}

/**
 * The settings with the algorithm's own values of the shared options that they leave open. Throws a UserError, which names
 * `source`, if they give one that the algorithm does not have, or its options don't go together.
 */
export function withSharedOptions(settings: Settings, source: string): Settings {
  const { algo } = settings;
  const { options } = algorithmOf(algo);
  const filled = structuredClone(settings);
  const defaults = options.parse({}) as Readonly<Record<string, unknown>>;
  for (const [option, key] of Object.entries(SHARED_OPTIONS)) {
    const path = key.split('.');
    const value = valueAt(filled, path);
    if (option in options.shape) setValueAt(filled, path, value ?? defaults[option]);
    else if (value !== null) {
      throw new UserError(`${source}: ${key}: ${algo} has nothing of the kind: leave it out`);
    }
  }
  const { error } = options.safeParse(algorithmOptions(filled as Config));
  if (!error) return filled;
  const keys = new Map(ownOptions(algo).map(({ option, key }) => [option, `${algo}.${key}`]));
  const problems = error.issues.map(({ path: [option], message }) => {
    const key = keys.get(String(option)) ?? SHARED_OPTIONS[String(option)] ?? algo;
    return `${key}: ${message} (got ${JSON.stringify(valueAt(filled, key.split('.')))})`;
  });
  throw new UserError(`${source}: ${problems.join('\n')}`);
}
