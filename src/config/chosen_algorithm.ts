import { UserError } from '../errors.js';
import {
  ALGORITHM_NAMES,
  type AlgorithmName,
  algorithmOf,
  FOLLOWERS_OPTIONS,
  ownOptions,
  type Section,
  SHARED_OPTIONS,
} from './algorithm_sections.js';
import { type ConfigTree, isTree, setValueAt, valueAt } from './overrides.js';
import type { Settings } from './schema.js';

/** The algorithm of a configuration's phase online. */
export function onlineAlgorithm({ algo, train }: Pick<Settings, 'algo' | 'train'>): AlgorithmName {
  return train.online_algo ?? algo;
}

/** The algorithms of a configuration: that of all phases, or the first one and that of the phase online. */
export function algorithmsOf(config: Pick<Settings, 'algo' | 'train'>): AlgorithmName[] {
  return [...new Set([config.algo, onlineAlgorithm(config)])];
}

/** The options in the section of one of a configuration's algorithms, by key; of the first one unless named. */
export function sectionOf(config: Settings, algo = config.algo): Section {
  return config[algo] ?? {};
}

/** All options of one of a configuration's algorithms by their names in its file, as `createLearner` takes them. */
export function algorithmOptions(config: Settings, algo: AlgorithmName): Record<string, unknown> {
  const { shape } = algorithmOf(algo).options;
  const shared = Object.entries(sharedKeys(config, algo)).filter(([option]) => option in shape);
  const section = sectionOf(config, algo);
  return Object.fromEntries([
    ...shared.map(([option, key]) => [option, valueAt(config, key.split('.'))]),
    ...ownOptions(algo).map(({ option, key }) => [option, section[key]]),
  ]);
}

/** The keys of the shared options: one who follows another has learning rates of its own, and the same layers. */
function sharedKeys({ algo: first }: Pick<Settings, 'algo'>, algo: AlgorithmName) {
  return algo === first ? SHARED_OPTIONS : { ...SHARED_OPTIONS, ...FOLLOWERS_OPTIONS };
}

/**
 * The tree with a section for each of its algorithms. Throws a UserError, which names `source`, if it has options of another: they
 * would change nothing.
 */
export function withOwnSections(
  tree: ConfigTree,
  algorithms: readonly AlgorithmName[],
  source: string,
): ConfigTree {
  for (const other of ALGORITHM_NAMES) {
    const section = tree[other];
    if (algorithms.includes(other) || section === undefined || section === null) continue;
    const [key] = isTree(section) ? Object.keys(section) : [];
    if (key !== undefined) {
      throw new UserError(
        `${source}: ${other}.${key} is an option of ${other}, and the algorithm is ${algorithms.join(', then ')}: ` +
          `leave out the section ${other}, or choose algo=${other}`,
      );
    }
  }
  const others = Object.entries(tree).filter(([key]) => !(ALGORITHM_NAMES as string[]).includes(key));
  const own = algorithms.map((name) => [name, tree[name] ?? {}] as const);
  return { ...Object.fromEntries(others), ...Object.fromEntries(own) };
}

/**
 * The settings with the algorithms' own values of the shared options that they leave open. Of hidden layers, which both algorithms have
 * alike, these are the first one's. Throws a UserError, which names `source`, if they give one that no algorithm has, or the options of
 * one don't go together.
 */
export function withSharedOptions(settings: Settings, source: string): Settings {
  const filled = structuredClone(settings);
  const algorithms = algorithmsOf(settings);
  for (const algo of algorithms) fillSharedOptions(filled, algo);
  for (const key of [...Object.values(SHARED_OPTIONS), ...Object.values(FOLLOWERS_OPTIONS)]) {
    const isOfAny = algorithms.some((algo) =>
      Object.entries(sharedKeys(settings, algo)).some(
        ([option, own]) => own === key && option in algorithmOf(algo).options.shape,
      ),
    );
    if (isOfAny || valueAt(filled, key.split('.')) === null) continue;
    throw new UserError(`${source}: ${key}: ${nobodysKey(key, algorithms)}: leave it out`);
  }
  const problems = algorithms.flatMap((algo) => optionProblems(filled, algo));
  if (problems.length === 0) return filled;
  throw new UserError(`${source}: ${problems.join('\n')}`);
}

/** The reason why a shared option is of no use to any of the algorithms, in words. */
function nobodysKey(key: string, [first, second]: readonly AlgorithmName[]): string {
  if (second !== undefined) return `neither ${first} nor ${second} has anything of the kind`;
  const isFollowers = Object.values(FOLLOWERS_OPTIONS).includes(key);
  return isFollowers ? `no other algorithm follows ${first}` : `${first} has nothing of the kind`;
}

/** Writes an algorithm's own values of the shared options that are open yet. */
function fillSharedOptions(settings: Settings, algo: AlgorithmName): void {
  const { options } = algorithmOf(algo);
  const defaults = options.parse({}) as Readonly<Record<string, unknown>>;
  for (const [option, key] of Object.entries(sharedKeys(settings, algo))) {
    const path = key.split('.');
    if (option in options.shape) setValueAt(settings, path, valueAt(settings, path) ?? defaults[option]);
  }
}

/** The problems with the options of an algorithm, by their keys. */
function optionProblems(settings: Settings, algo: AlgorithmName): string[] {
  const { error } = algorithmOf(algo).options.safeParse(algorithmOptions(settings, algo));
  if (!error) return [];
  const shared: Readonly<Record<string, string>> = sharedKeys(settings, algo);
  const keys = new Map(ownOptions(algo).map(({ option, key }) => [option, `${algo}.${key}`]));
  return error.issues.map(({ path: [option], message }) => {
    const key = keys.get(String(option)) ?? shared[String(option)] ?? algo;
    return `${key}: ${message} (got ${JSON.stringify(valueAt(settings, key.split('.')))})`;
  });
}
