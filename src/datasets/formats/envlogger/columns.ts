import { type Column, newNumbers } from '../../column.js';
import type { StoredArray, StoredValue } from './data.js';

/**
 * Values of the same structure, one a row, as columns by their paths: `arm/_0`. Rows have the places from `first` on. Throws an
 * Error that names the place where they differ.
 */
export function columnsOf(values: readonly StoredValue[], first: number): Map<string, Column> {
  const rows = values.map((value) => new Map(leavesOf(value, '')));
  const names = new Set(rows.flatMap((row) => [...row.keys()]));
  return new Map(
    [...names].map((name) => {
      const arrays = rows.map((row, index) => {
        const array = row.get(name);
        if (array) return array;
        throw new Error(`nothing at record ${first + index}${name === '' ? '' : ` in ${name}`}`);
      });
      return [name, stack(arrays, name, first)];
    }),
  );
}

/** The arrays in a value by their paths; members of lists are `_0`, `_1` and so on. */
function* leavesOf(value: StoredValue, path: string): Generator<[path: string, array: StoredArray]> {
  const below = (name: string) => (path === '' ? name : `${path}/${name}`);
  switch (value?.kind) {
    case undefined:
      return;
    case 'array':
      yield [path, value.array];
      return;
    case 'list':
      for (const [index, member] of value.values.entries()) yield* leavesOf(member, below(`_${index}`));
      return;
    case 'dictionary':
      // A map of protocol buffers has no order of its own.
      for (const name of [...value.values.keys()].sort()) {
        yield* leavesOf(value.values.get(name)!, below(name));
      }
  }
}

function stack(arrays: readonly StoredArray[], name: string, first: number): Column {
  const [model] = arrays;
  const text = ({ dtype, shape }: StoredArray) => `${dtype} [${shape.join(', ')}]`;
  const other = arrays.findIndex((array) => text(array) !== text(model));
  if (other >= 0) {
    const place = name === '' ? '' : ` in ${name}`;
    throw new Error(
      `${text(arrays[other])} at record ${first + other}${place}; the record before has ${text(model)}`,
    );
  }
  const shape = [arrays.length, ...model.shape];
  if (model.dtype === 'string' || model.dtype === 'bytes') {
    if (model.shape.length > 0) throw new Error(`arrays of ${model.dtype} in ${name}, which no column holds`);
    return { dtype: model.dtype, shape, data: arrays.flatMap(({ data }) => data as never[]) } as Column;
  }
  const data = newNumbers(model.dtype, arrays.length * model.data.length);
  // All are arrays of this type, which TypeScript can't tell.
  for (const [row, array] of arrays.entries()) {
    (data as Float64Array).set(array.data as Float64Array, row * model.data.length);
  }
  return { dtype: model.dtype, shape, data } as Column;
}
