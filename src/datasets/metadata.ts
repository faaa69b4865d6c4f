/** A value of metadata: a text, a number (whole ones of 64 bits as bigint), or what JSON has beside these. */
export type MetadataValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };

/** Metadata that a format records of a dataset or an episode, by their names there: `author`, `options/low`, `model_file`. */
export type Metadata = ReadonlyMap<string, MetadataValue>;

export const NO_METADATA: Metadata = new Map();

/** A value as JSON. Whole numbers of 64 bits keep their digits; what is not finite is written as Python does. */
export function metadataJson(value: MetadataValue): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(metadataJson).join(', ')}]`;
  const entries = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${metadataJson(part)}`);
  return `{${entries.join(', ')}}`;
}

/** True if two values are the same, 5n and 5 too. */
export function isSameValue(a: MetadataValue | undefined, b: MetadataValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return metadataJson(a) === metadataJson(b);
}

/** A value of JSON as metadata. */
export function metadataValue(value: unknown): MetadataValue {
  return value as MetadataValue;
}

function isList(value: MetadataValue): value is readonly MetadataValue[] {
  return Array.isArray(value);
}
