import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';

/** Minari, of the Farama Foundation, as far as it is stored in HDF5. */
export const minari: DatasetFormat = {
  name: 'Minari',
  given: 'the folder of a dataset, with main_data.hdf5 and metadata.json in it or in its folder data',
  detect: async (path) => {
    const { hdf5, json } = pathsOf(path);
    return isFile(hdf5) || (isFile(json) && readFileSync(json, 'utf8').includes('"total_episodes"'));
  },
  open: async (path, task) => (await import('./episodes.js')).MinariEpisodes.open(path, pathsOf(path), task),
  files: (path) => new Map(Object.entries(pathsOf(path))),
  writing: {
    output: 'a folder with a name such as pick-v0, which ends in its version',
    isOutput: (path) => /^[-\w]+-v\d+$/.test(basename(path)),
    create: async (target, head) => (await import('./writer.js')).MinariWriter.create(target, head),
  },
};

/** The files of the dataset at `path`: its folder, the folder `data` within, or the HDF5 file there. */
function pathsOf(path: string): { hdf5: string; json: string } {
  const given = basename(path) === DATA_FILE ? dirname(path) : path;
  const within = join(given, 'data');
  const folder = [DATA_FILE, METADATA_FILE].some((name) => isFile(join(within, name))) ? within : given;
  return { hdf5: join(folder, DATA_FILE), json: join(folder, METADATA_FILE) };
}

const DATA_FILE = 'main_data.hdf5';
const METADATA_FILE = 'metadata.json';
