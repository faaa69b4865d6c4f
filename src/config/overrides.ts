import { UserError } from '../errors.js';
import { readText } from './read_value.js';
import { type Schema, schemaAt } from './schema_tree.js';

/** Configuration values by key, not checked yet. */
export type ConfigTree = { [key: string]: unknown };

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Sets `a.b.c` in `tree` from the text `a.b.c=value`, whose value is read by the schema of the key. Throws a UserError
 * unless it has that form.
 */
export function applyOverride(tree: ConfigTree, override: string, schema: Schema): void {
  const { key, text } = splitOverride(override);
  const keys = key.split('.');
  if (keys.some((name) => name === '' || FORBIDDEN_KEYS.has(name))) {
    throw new UserError(`override "${override}": "${key}" is not a config key`);
  }
  setValueAt(tree, keys, readText(schemaAt(schema, keys), text, `override "${override}"`));
}

/** Sets the value in `tree` at `path`, through keys that are made where there are none. */
export function setValueAt(tree: ConfigTree, path: readonly string[], value: unknown): void {
  let node = tree;
  for (const name of path.slice(0, -1)) {
    if (!isTree(node[name])) node[name] = {};
    node = node[name] as ConfigTree;
  }
  node[path[path.length - 1]] = value;
}

/** The two sides of `key=value`. Throws a UserError unless there are two. */
export function splitOverride(override: string): { key: string; text: string } {
  const match = /^([^=\s]+)=([\s\S]*)$/.exec(override);
  if (match) return { key: match[1], text: match[2] };
  throw new UserError(`override "${override}": expected key.sub=value, such as train.steps=20_000`);
}

/** Value in `tree` at `path`, in lists by the item's number; undefined if there is none. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (isTree(node) || Array.isArray(node) ? (node as ConfigTree)[key] : undefined),
    tree,
  );
}

export function isTree(value: unknown): value is ConfigTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
