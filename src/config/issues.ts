import type { z } from 'zod';
import { type ConfigTree, isTree, valueAt } from './overrides.js';
import { nearestKey } from './suggest.js';

/** Sentences about a problem that a schema has with `tree`, one for each key. */
export function describeIssue(issue: z.core.$ZodIssue, tree: ConfigTree): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = [...path, ...onlyLeaf(key, valueAt(tree, [...path, key]))].join('.');
      const suggestion = nearestKey(full);
      return `unknown key "${full}"${suggestion ? `; did you mean "${suggestion}"?` : ''}`;
    });
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((problems) => !problems.some(isOfAnotherKind));
    if (branch) {
      return branch.flatMap((inner) =>
        describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, tree),
      );
    }
  }
  const value = valueAt(tree, path);
  return [`${path.join('.')}: ${problemOf(issue, value)} (got ${JSON.stringify(value)})`];
}

/** True if a problem is that the value as a whole is of another kind. */
function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

function problemOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_union') return 'expected a path, or a list such as [a, b]';
  if (issue.code !== 'invalid_type') return issue.message;
  const wanted = WANTED[issue.expected] ?? issue.expected;
  return value === null ? `can't be null: expected ${wanted}` : `expected ${wanted}`;
}

const WANTED: Partial<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'True or False',
  array: 'a list such as [a, b]',
  object: 'keys of its own',
};

/**
 * The path down from `key` to a single value, as an override `a.b=value` makes it; else `key` alone. Its last name is
 * the one that the user meant.
 */
function onlyLeaf(key: string, value: unknown): string[] {
  if (!isTree(value)) return [key];
  const entries = Object.entries(value);
  return entries.length === 1 ? [key, ...onlyLeaf(...entries[0])] : [key];
}
