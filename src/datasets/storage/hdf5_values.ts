import type { Group } from 'h5wasm/node';
import JSON5 from 'json5';
import { type Metadata, type MetadataValue, metadataJson, metadataValue } from '../metadata.js';

/** The ending of the name of a value that is neither a text nor a number, nor a list of such: it stands as JSON. */
const JSON_ENDING = '.json';

/** A value in the form in which HDF5 keeps it, and what its name ends in there. */
export interface StoredValue {
  ending: string;
  data: string | string[] | Float64Array | BigInt64Array | BigUint64Array;
  shape: number[];
  dtype: string;
}

/** A value that stands alone in HDF5: a text of any length, a float64 or an integer of 64 bits. All else is JSON under a name that ends in `.json`. */
export function storedScalar(value: MetadataValue): StoredValue {
  if (typeof value === 'string') return { ending: '', data: [value], shape: [], dtype: 'S' };
  if (typeof value === 'number') return { ending: '', data: Float64Array.of(value), shape: [], dtype: '<d' };
  if (typeof value === 'bigint') return { ending: '', ...integers([value]), shape: [] };
  return { ending: JSON_ENDING, data: [metadataJson(value)], shape: [], dtype: 'S' };
}

/** A value as an attribute keeps it: as {@link storedScalar}, and a list of texts or of numbers of one type as it is. */
export function storedValue(value: MetadataValue): StoredValue {
  if (!Array.isArray(value) || value.length === 0) return storedScalar(value);
  const list: readonly MetadataValue[] = value;
  const shape = [list.length];
  if (list.every((part) => typeof part === 'string')) {
    return { ending: '', data: [...list], shape, dtype: 'S' };
  }
  if (list.every((part) => typeof part === 'number')) {
    return { ending: '', data: Float64Array.from(list), shape, dtype: '<d' };
  }
  if (list.every((part) => typeof part === 'bigint')) return { ending: '', ...integers(list), shape };
  return storedScalar(value);
}

function integers(values: readonly bigint[]): Pick<StoredValue, 'data' | 'dtype'> {
  const isHuge = values.some((value) => value >= 2n ** 63n);
  return isHuge
    ? { data: BigUint64Array.from(values), dtype: '<Q' }
    : { data: BigInt64Array.from(values), dtype: '<q' };
}

/** The attributes of an object as metadata; those of which no value can be made here are left out. */
export function metadataOf(entity: Pick<Group, 'attrs' | 'get_attribute'>): Metadata {
  const metadata = new Map<string, MetadataValue>();
  for (const name of Object.keys(entity.attrs)) {
    const value = plainValue(entity.get_attribute(name, false));
    if (value !== null) metadata.set(...namedValue(name, value));
  }
  return metadata;
}

/** A value of HDF5 with its name, of which JSON has an ending. */
export function namedValue(name: string, value: MetadataValue): [name: string, value: MetadataValue] {
  if (typeof value !== 'string' || !name.endsWith(JSON_ENDING)) return [name, value];
  try {
    return [name.slice(0, -JSON_ENDING.length), metadataValue(JSON5.parse(value))];
  } catch {
    return [name, value];
  }
}

/** A text, a number, or a list of them, as h5wasm gives it; null for anything else. */
export function plainValue(value: unknown): MetadataValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value;
    default:
      if (Array.isArray(value)) return value.every((part) => typeof part === 'string') ? value : null;
      return ArrayBuffer.isView(value) && 'length' in value
        ? [...(value as unknown as Iterable<number | bigint>)]
        : null;
  }
}
