import type { z } from 'zod';

export type Schema = z.core.$ZodType;

/**
 * The way in which a value is read: text as it stands, a path as text in which `~` is the home folder. Null if a schema
 * determines none.
 */
export type Kind = 'text' | 'path' | 'path or list' | 'number' | 'boolean' | 'list' | 'keys' | null;

export function kindOf(schema: Schema | undefined): Kind {
  const definition = innermost(schema);
  switch (definition?.type) {
    case 'string':
    case 'enum':
      return 'text';
    // The only texts that a schema transforms are paths.
    case 'pipe':
      return 'path';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'literal':
      return kindOfLiteral(definition.values[0]);
    case 'array':
      return 'list';
    // The only choice between kinds.
    case 'union':
      return 'path or list';
    case 'object':
      return 'keys';
    default:
      return null;
  }
}

/** The values that a key, or an item of its list, can have, if these are few. */
export function choicesOf(schema: Schema | undefined): readonly unknown[] {
  const definition = innermost(schema);
  switch (definition?.type) {
    case 'enum':
      return Object.values(definition.entries);
    case 'literal':
      return definition.values;
    case 'array':
      return choicesOf(definition.element);
    default:
      return [];
  }
}

/** The schema of a list's items. */
export function elementSchema(schema: Schema | undefined): Schema | undefined {
  const definition = innermost(schema);
  if (definition?.type === 'union') return elementSchema(definition.options.find(isList));
  return definition?.type === 'array' ? definition.element : undefined;
}

/** The schemas of the keys inside a key, by name; undefined if it holds a value. */
export function keysOf(schema: Schema | undefined): Readonly<Record<string, Schema>> | undefined {
  const definition = innermost(schema);
  return definition?.type === 'object' ? definition.shape : undefined;
}

/** The schema of the key that `path` leads to; undefined if there is none. */
export function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((node, key) => {
    const keys = keysOf(node);
    return keys && Object.hasOwn(keys, key) ? keys[key] : undefined;
  }, schema);
}

function isList(schema: Schema): boolean {
  return kindOf(schema) === 'list';
}

function kindOfLiteral(value: unknown): Kind {
  switch (typeof value) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'text';
  }
}

/** A schema without its default and without its choice of null. */
function innermost(schema: Schema | undefined): z.core.$ZodTypes['_zod']['def'] | undefined {
  if (schema === undefined) return undefined;
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  switch (definition.type) {
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'optional':
      return innermost(definition.innerType);
    default:
      return definition;
  }
}
