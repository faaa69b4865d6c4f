import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { checkEnvironment } from '../../envs/registry.js';
import { UserError } from '../errors.js';
import { withHorizons } from './horizons.js';
import { type Config, configSchema } from './schema.js';
import { nearestKey } from './suggest.js';

/** Raw configuration values, as they stand in YAML. */
export type ConfigTree = { [key: string]: unknown };

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** The recipe that a bare `rlpd train` uses. */
export const DEFAULT_CONFIG = 'configs/default.yml';

/**
 * Reads a YAML configuration and applies `key.sub=value` overrides, whose values are YAML too.
 * A relative path is looked for in the working folder, then beside this package.
 * Throws a UserError that names the file, key and value, with the nearest known key.
 */
export function loadConfig(path: string, overrides: readonly string[]): Config {
  const tree = readConfigFile(path);
  for (const override of overrides) applyOverride(tree, override);
  return validateConfig(tree, path);
}

/** The recipes in `configs/`, the default one first. */
export function recipePaths(): string[] {
  const names = readdirSync(resolveConfigPath('configs')).filter((name) => name.endsWith('.yml'));
  const paths = names.sort().map((name) => `configs/${name}`);
  return [DEFAULT_CONFIG, ...paths.filter((path) => path !== DEFAULT_CONFIG)];
}

/** Checks a tree of values against the schema and fills in the defaults. `source` names it in error messages. */
export function validateConfig(tree: ConfigTree, source: string): Config {
  const result = configSchema.safeParse(tree);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => describeIssue(issue, tree));
    throw new UserError(`${source}: ${problems.join('\n')}`);
  }
  const config = withHorizons(result.data);
  checkConsistency(config, source);
  return config;
}

/** Sets `a.b.c` in `tree` from the text `a.b.c=value`. Throws a UserError unless it has that form. */
export function applyOverride(tree: ConfigTree, override: string): void {
  const match = /^([^=\s]+)=([\s\S]*)$/.exec(override);
  if (!match)
    throw new UserError(`override "${override}": expected key.sub=value, such as train.steps=20_000`);
  const keys = match[1].split('.');
  if (keys.some((key) => key === '' || FORBIDDEN_KEYS.has(key))) {
    throw new UserError(`override "${override}": "${match[1]}" is not a config key`);
  }
  let node = tree;
  for (const key of keys.slice(0, -1)) {
    if (!isTree(node[key])) node[key] = {};
    node = node[key] as ConfigTree;
  }
  node[keys[keys.length - 1]] = parseOverrideValue(match[2], override);
}

/** The path of a config file, also if it only exists beside this package. Throws a UserError if there is none. */
function resolveConfigPath(path: string): string {
  if (existsSync(path)) return path;
  const packaged = fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  if (existsSync(packaged)) return packaged;
  throw new UserError(`config file "${path}" not found`);
}

function readConfigFile(path: string): ConfigTree {
  const text = readFileSync(resolveConfigPath(path), 'utf8');
  let tree: unknown;
  try {
    tree = withNumericUnderscores(parseYaml(text) ?? {});
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UserError(`${path}: not valid YAML: ${error.message}`);
    throw error;
  }
  if (!isTree(tree)) throw new UserError(`${path}: expected a mapping of config keys at the top`);
  return tree;
}

function parseOverrideValue(text: string, override: string): unknown {
  try {
    return withNumericUnderscores(parseYaml(text));
  } catch (error) {
    if (error instanceof YAMLParseError) throw new UserError(`override "${override}": ${error.message}`);
    throw error;
  }
}

/** YAML 1.2 reads `5_000` and `True` as text, Python's readers as a number and a boolean: follow the reference. */
function withNumericUnderscores(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^[+-]?\d[\d_]*$/.test(value)) return Number(value.replaceAll('_', ''));
    if (value === 'True') return true;
    if (value === 'False') return false;
    return value;
  }
  if (Array.isArray(value)) return value.map(withNumericUnderscores);
  if (isTree(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, withNumericUnderscores(inner)]),
    );
  }
  return value;
}

function isTree(value: unknown): value is ConfigTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong with `tree`, in a sentence for each key. */
export function describeIssue(issue: z.core.$ZodIssue, tree: ConfigTree): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = [...path, ...onlyLeaf(key, valueAt(tree, [...path, key]))].join('.');
      const suggestion = nearestKey(full);
      return `unknown key "${full}"${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
    });
  }
  return [`${path.join('.')}: ${issue.message} (got ${JSON.stringify(valueAt(tree, path))})`];
}

function valueAt(tree: ConfigTree, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), tree);
}

/** The path down from `key` to a single value, which an override `a.b=value` made: its last name says what was meant. */
function onlyLeaf(key: string, value: unknown): string[] {
  if (!isTree(value)) return [key];
  const entries = Object.entries(value);
  return entries.length === 1 ? [key, ...onlyLeaf(...entries[0])] : [key];
}

/** Rules between keys that a schema of single keys can't state. */
function checkConsistency(config: Config, source: string): void {
  const { env, sac, train } = config;
  try {
    checkEnvironment(env.env_id, env.env_kwargs.control_mode);
  } catch (error) {
    throw new UserError(`${source}: env.env_id: ${(error as Error).message}`, { cause: error });
  }
  if (sac.num_min_qs > sac.num_qs) {
    throw new UserError(
      `${source}: sac.num_min_qs (${sac.num_min_qs}) must not exceed sac.num_qs (${sac.num_qs})`,
    );
  }
  if (sac.batch_size % 2 !== 0) {
    throw new UserError(
      `${source}: sac.batch_size (${sac.batch_size}) must be even: half of a batch is demonstrations`,
    );
  }
  for (const key of ['grad_updates_per_step', 'early_grad_updates_per_step'] as const) {
    const updates = sac[key] ?? 0;
    if (updates % sac.actor_update_freq !== 0) {
      throw new UserError(
        `${source}: sac.${key} (${updates}) must be a multiple of sac.actor_update_freq (${sac.actor_update_freq})`,
      );
    }
  }
  if (train.device === 'gpu' && train.backend !== 'compiled') {
    const gpuByItself = train.backend === 'tfjs-node-gpu' ? ', which uses the graphics card by itself' : '';
    throw new UserError(
      `${source}: train.device=gpu goes with train.backend=compiled, not with ${train.backend}${gpuByItself}: ` +
        'set train.device=cpu or train.backend=compiled',
    );
  }
}
