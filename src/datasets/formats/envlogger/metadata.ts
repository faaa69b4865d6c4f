import { isNumberType } from '../../column.js';
import type { DeclaredColumn } from '../../dataset.js';
import type { MetadataValue } from '../../metadata.js';
import type { StoredArray, StoredValue } from './data.js';

/** A value as metadata: arrays are lists, one number or text is itself. */
export function metadataOf(value: StoredValue): MetadataValue {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'array':
      return nested(value.array);
    case 'list':
      return value.values.map(metadataOf);
    case 'dictionary':
      return Object.fromEntries([...value.values].map(([name, held]) => [name, metadataOf(held)]));
  }
}

/** Columns that an environment's specification declares, by their full names; those of other types are left out. */
export function declaredIn(spec: StoredValue, name: string): [name: string, column: DeclaredColumn][] {
  if (spec?.kind === 'list') {
    return spec.values.flatMap((member, index) => declaredIn(member, `${name}/_${index}`));
  }
  if (spec?.kind !== 'dictionary') return [];
  const { values } = spec;
  const [dtype, shape] = [arrayIn(values.get('dtype')), values.get('shape')];
  if (dtype?.dtype !== 'string' || dtype.shape.length > 0) {
    return [...values].flatMap(([key, member]) => declaredIn(member, `${name}/${key}`));
  }
  if (!isNumberType(dtype.data[0])) return [];
  const sizes = numbersIn(shape);
  const size = sizes.reduce((product, axis) => product * axis, 1);
  const [low, high] = [numbersIn(values.get('minimum')), numbersIn(values.get('maximum'))];
  const known = [low, high].every(({ length }) => length > 0 && (length === size || length === 1));
  // Bounds of pictures are nothing to list for each number.
  const bounds = known && size <= MOST_BOUNDS ? { low: wide(low, size), high: wide(high, size) } : null;
  return [[name, { dtype: dtype.data[0], shape: sizes, bounds }]];
}

const MOST_BOUNDS = 4096;

function wide(bounds: readonly number[], size: number): number[] {
  return bounds.length === size ? [...bounds] : new Array<number>(size).fill(bounds[0]);
}

function arrayIn(value: StoredValue | undefined): StoredArray | null {
  return value?.kind === 'array' ? value.array : null;
}

/** The numbers of an array or of a list of such; none of anything else. */
function numbersIn(value: StoredValue | undefined): number[] {
  if (value?.kind === 'list') return value.values.flatMap(numbersIn);
  const array = arrayIn(value);
  if (!array || array.dtype === 'string' || array.dtype === 'bytes') return [];
  return Array.from(array.data as ArrayLike<number | bigint>, Number);
}

function nested({ dtype, shape, data }: StoredArray): MetadataValue {
  const value = (item: unknown): MetadataValue => {
    if (item instanceof Uint8Array) return Buffer.from(item).toString('base64');
    if (dtype === 'bool') return item === 1;
    const isSmall = typeof item === 'bigint' && BigInt(Number(item)) === item;
    return isSmall && Number.isSafeInteger(Number(item)) ? Number(item) : (item as MetadataValue);
  };
  let items = Array.from<unknown, MetadataValue>(data as ArrayLike<unknown>, value);
  if (shape.length === 0) return items[0];
  // From the last axis on, each makes lists of the lists so far.
  for (const size of shape.slice(1).reverse()) {
    items = Array.from({ length: size === 0 ? 0 : items.length / size }, (_, i) =>
      items.slice(i * size, (i + 1) * size),
    );
  }
  return items;
}
