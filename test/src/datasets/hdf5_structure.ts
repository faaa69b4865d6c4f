import { Dataset, File, Group } from 'h5wasm/node';
import { loadHdf5 } from '../../../src/datasets/storage/hdf5.js';

/**
 * The structure of an HDF5 file, in a line for each object: type, shape, largest shape (`*` is any), chunks and filters of arrays,
 * and the attributes of groups.
 */
export async function structureOf(path: string): Promise<string[]> {
  await loadHdf5();
  const file = new File(path, 'r');
  const lines: string[] = [];
  const visit = (group: Group, prefix: string) => {
    const attributes = Object.entries(group.attrs).map(
      ([name, { dtype, value }]) => `${name} ${dtype} ${value}`,
    );
    lines.push([`${prefix}/`, ...attributes].join(' | '));
    for (const key of group.keys()) {
      const entity = group.get(key);
      const name = `${prefix}/${key}`;
      if (entity instanceof Group) visit(entity, name);
      if (entity instanceof Dataset) lines.push(`${name} ${arrayText(entity)}`);
    }
  };
  visit(file.get('/') as Group, '');
  file.close();
  return lines;
}

function arrayText({ metadata, filters }: Dataset): string {
  const { shape, maxshape, chunks } = metadata;
  const sizes = (of: readonly (number | bigint | null)[] | null) =>
    `[${(of ?? []).map((size) => (size === null || size > 2 ** 40 ? '*' : size)).join(',')}]`;
  return [
    typeText(metadata),
    sizes(shape),
    ...(String(maxshape) === String(shape) ? [] : [`up to ${sizes(maxshape)}`]),
    ...(chunks ? [`chunks ${sizes(chunks)}`] : []),
    ...filters.map(({ name, id }) => name || `filter ${id}`),
  ].join(' ');
}

function typeText({ type, size, signed, enum_type: names, vlen }: Dataset['metadata']): string {
  if (names) return `enum ${JSON.stringify(names.members)}`;
  if (type === 3) return vlen ? 'text' : `text of ${size} bytes`;
  return `${type === 1 ? 'float' : signed ? 'int' : 'uint'}${8 * size}`;
}
