import type { z } from 'zod';
import { UserError } from '../errors.js';

/** The value of a JSON text, or one in the dialect of `parse`. Throws a UserError that names the file and the place. */
export function parseJsonText(
  path: string,
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): unknown {
  try {
    return parse(text);
  } catch (error) {
    const problem = (error as Error).message.replace('JSON5: ', '');
    throw new UserError(`${path}: not valid JSON (${problem})`, { cause: error });
  }
}

/** The value of a JSON file by its schema. Throws a UserError that names the file and the key at fault. */
export function checkJson<T extends z.ZodType>(path: string, schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue.path.length > 0 ? `key "${issue.path.join('.')}"` : 'at the top';
  throw new UserError(`${path}: ${place}: ${issue.message}`);
}
