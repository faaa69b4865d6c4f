import { existsSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import { datasetRoots } from './dataset_roots.js';

/** The places of what an id may mean, such as `pendulum/expert-v1`: paths below the folders of datasets, of what is there. */
export function placesOfId(id: string): string[] {
  const path = normalize(id);
  // An id leads from such a folder further down.
  if (isAbsolute(path) || path === '.' || path.split(sep).includes('..') || id.startsWith('./')) return [];
  return datasetRoots()
    .map(({ folder }) => join(folder, path))
    .filter((place) => existsSync(place));
}
