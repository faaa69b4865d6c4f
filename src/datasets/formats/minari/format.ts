import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';
import { filesOf, pathsOf } from './paths.js';

/** Minari, of the Farama Foundation: HDF5, Arrow or Parquet. It is written in HDF5. */
export const minari: DatasetFormat = {
  name: 'Minari',
  given: 'the folder of a dataset, with metadata.json and its data in it or in its folder data',
  detect: async (path) => {
    const { hdf5, json } = pathsOf(path);
    return isFile(hdf5) || (isFile(json) && readFileSync(json, 'utf8').includes('"total_episodes"'));
  },
  open: async (path, task) => (await import('./episodes.js')).MinariEpisodes.open(path, pathsOf(path), task),
  files: filesOf,
  writing: {
    output: 'a folder with a name such as pick-v0, which ends in its version',
    isOutput: (path) => /^[-\w]+-v\d+$/.test(basename(path)),
    create: async (target, head) => (await import('./writer.js')).MinariWriter.create(target, head),
  },
};
