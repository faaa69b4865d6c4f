import type { NestedItem } from './schema.js';

/** The leaves of nested objects, each with its path; lists are leaves. */
export function nestedItems(object: object, path: readonly string[] = []): NestedItem[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const nestedKey = [...path, key];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? nestedItems(value, nestedKey) : [{ nestedKey, valueJson: jsonText(value) }];
  });
}

/** JSON, with NaN and the infinities as Python reads and writes them. */
function jsonText(value: unknown): string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
}
