import { readFileSync } from 'node:fs';
import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';
import { filesOf, pathsOf } from './paths.js';

/** Minari, of the Farama Foundation: HDF5, Arrow or Parquet. It is read, not written. */
export const minari: DatasetFormat = {
  name: 'Minari',
  given: 'the folder of a dataset, with metadata.json and its data in it or in its folder data',
  detect: async (path) => {
    const { hdf5, json } = pathsOf(path);
    return isFile(hdf5) || (isFile(json) && readFileSync(json, 'utf8').includes('"total_episodes"'));
  },
  open: async (path, task) => (await import('./episodes.js')).MinariEpisodes.open(path, pathsOf(path), task),
  files: filesOf,
};
