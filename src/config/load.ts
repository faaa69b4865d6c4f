import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../errors.js';
import { listFolder } from '../files/folders.js';
import { readError } from '../files/problems.js';
import { packagePath } from '../version.js';
import { ALGORITHM_NAMES, type AlgorithmName, DEFAULT_ALGORITHM } from './algorithm_sections.js';
import { withOwnSections, withSharedOptions } from './chosen_algorithm.js';
import { checkConsistency } from './consistency.js';
import { describeIssue } from './issues.js';
import { applyOverride, type ConfigTree, isTree } from './overrides.js';
import { readTree } from './read_value.js';
import {
  fromReferenceLayout,
  namedAlgorithm,
  namedOnlineAlgorithm,
  referenceAlgorithm,
  wordFromReference,
} from './reference_layout.js';
import { type Config, configSchema } from './schema.js';
import { withTaskDefaults } from './task_defaults.js';
import { parseYaml, Words } from './yaml.js';

/** The recipe that a bare `rlpd train` uses. */
export const DEFAULT_CONFIG = 'configs/default.yml';

/**
 * Reads a YAML configuration and applies `key.sub=value` overrides.
 * A relative path is looked for in the working folder, then beside this package.
 * Throws a UserError that names the file, key and value, with the nearest known key.
 */
export function loadConfig(path: string, overrides: readonly string[]): Config {
  return changedConfig(readConfigFile(resolveConfigPath(path), path), overrides, path);
}

/** The recipes in `configs/`, the default one first. */
export function recipePaths(): string[] {
  const names = listFolder(resolveConfigPath('configs')).filter((name) => name.endsWith('.yml'));
  const paths = names.sort().map((name) => `configs/${name}`);
  return [DEFAULT_CONFIG, ...paths.filter((path) => path !== DEFAULT_CONFIG)];
}

/** The configuration in `tree` with `key.sub=value` overrides. `source` names it in error messages. */
export function changedConfig(tree: ConfigTree, overrides: readonly string[], source: string): Config {
  const changed = structuredClone(tree);
  const algo = referenceAlgorithm(tree, overrides);
  for (const word of overrides) applyOverride(changed, wordFromReference(word, algo), configSchema);
  return validateConfig(changed, source);
}

/**
 * The configuration of an algorithm in which nothing is chosen. Those that are not the default one learn from data alone in it. It may
 * lack what a training needs, such as a task in which a model knows where episodes end.
 */
export function defaultConfig(algo: AlgorithmName): Config {
  const train = algo === DEFAULT_ALGORITHM ? {} : { phases: ['offline'] };
  return completeConfig({ algo, train }, 'defaults');
}

/** Checks a tree of values against the schema and fills in the defaults. `source` names it in error messages. */
export function validateConfig(tree: ConfigTree, source: string): Config {
  const config = completeConfig(tree, source);
  checkConsistency(config, source);
  return config;
}

function completeConfig(tree: ConfigTree, source: string): Config {
  const layout = fromReferenceLayout(tree, source);
  const [algo, online] = [namedAlgorithm(layout), namedOnlineAlgorithm(layout)].map((name) =>
    ALGORITHM_NAMES.find((known) => known === name),
  );
  const algorithms = algo && online && online !== algo ? [algo, online] : [algo ?? DEFAULT_ALGORITHM];
  // An unknown algorithm is refused by the schema.
  const own = algo ? withOwnSections(layout, algorithms, source) : layout;
  const result = configSchema.safeParse(own);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => describeIssue(issue, own));
    throw new UserError(`${source}: ${problems.join('\n')}`);
  }
  return withTaskDefaults(withSharedOptions(result.data, source));
}

/** The values in a YAML file, not checked yet. Throws a UserError, which calls the file `name`, if it holds no keys. */
export function readConfigFile(path: string, name = path): ConfigTree {
  const tree = parseYaml(readConfigText(path, name), name) ?? {};
  if (!isTree(tree) || tree instanceof Words) {
    throw new UserError(`${name}: expected a mapping of config keys at the top`);
  }
  return readTree(configSchema, fromReferenceLayout(tree, name)) as ConfigTree;
}

/**
 * The path of a config file, in the working folder or else beside this package. Throws a UserError if there is none.
 */
export function resolveConfigPath(path: string): string {
  if (existsSync(path)) return path;
  const packaged = packagePath(path);
  if (existsSync(packaged)) return packaged;
  throw new UserError(`config file "${path}" not found`);
}

function readConfigText(path: string, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (!(error instanceof TypeError)) throw readError(name, error);
    throw new UserError(`can't read ${name}: its text is not in UTF-8`, { cause: error });
  }
}
