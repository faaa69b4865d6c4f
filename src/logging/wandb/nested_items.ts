import type { NestedItem } from './schema.js';

const NOT_JSON = new Set(['NaN', 'Infinity', '-Infinity']);

/** The leaves of nested objects, each with its path; lists are leaves. */
export function nestedItems(object: object, path: readonly string[] = []): NestedItem[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const nestedKey = [...path, key];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? nestedItems(value, nestedKey) : [{ nestedKey, valueJson: jsonText(value) }];
  });
}

/** The object that has these leaves; numbers that JSON can't hold are null. */
export function nestedObject(items: readonly NestedItem[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { nestedKey, valueJson } of items) {
    let parent = root;
    for (const key of nestedKey.slice(0, -1)) {
      parent[key] ??= {};
      parent = parent[key] as Record<string, unknown>;
    }
    parent[nestedKey[nestedKey.length - 1]] = NOT_JSON.has(valueJson) ? null : JSON.parse(valueJson);
  }
  return root;
}

/** JSON, with NaN and the infinities as Python reads and writes them. */
function jsonText(value: unknown): string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
}
