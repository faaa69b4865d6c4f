import type { MetadataValue } from '../../metadata.js';

/**
 * A value as JSON that any program reads, and that comes back as it was: integers of 64 bits are `{"$integer": "…"}`, and numbers that
 * are not finite `{"$number": "Infinity"}`.
 */
export function taggedJson(value: MetadataValue, indent?: number): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => {
      if (typeof part === 'bigint') return { $integer: String(part) };
      return typeof part === 'number' && !Number.isFinite(part) ? { $number: String(part) } : part;
    },
    indent,
  );
}

/** The value of a text that {@link taggedJson} has written. Throws a SyntaxError on anything else. */
export function parseTaggedJson(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if ('$integer' in part) return BigInt(String(part.$integer));
    return '$number' in part ? Number(part.$number) : part;
  });
}
