import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isFile } from '../../../files/reading.js';

/** The files of a dataset. */
export interface MinariPaths {
  /** The folder that they are in. */
  folder: string;
  hdf5: string;
  json: string;
}

const DATA_FILE = 'main_data.hdf5';
const METADATA_FILE = 'metadata.json';

/** The files of the dataset at `path`: its folder, the folder `data` within, or the HDF5 file there. */
export function pathsOf(path: string): MinariPaths {
  const given = basename(path) === DATA_FILE ? dirname(path) : path;
  const within = join(given, 'data');
  const folder = [DATA_FILE, METADATA_FILE].some((name) => isFile(join(within, name))) ? within : given;
  return { folder, hdf5: join(folder, DATA_FILE), json: join(folder, METADATA_FILE) };
}

/** The folders of episodes that are stored apart, by their numbers, ascending. */
export function episodeFolders(folder: string): Map<number, string> {
  const names = listed(folder).filter((name) => /^\d+$/.test(name));
  const numbered = names.map((name): [number, string] => [Number(name), join(folder, name)]);
  return new Map(numbered.sort(([a], [b]) => a - b));
}

/** The file of an episode that is stored apart, and the one with its seed. */
export function episodeFiles(folder: string, storage: string): { data: string; json: string } {
  return { data: join(folder, `part-0.${storage}`), json: join(folder, METADATA_FILE) };
}

/** All files by short names, the one with the data first. */
export function filesOf(path: string): Map<string, string> {
  const { folder, hdf5, json } = pathsOf(path);
  const apart = isFile(hdf5) ? [] : [...episodeFolders(folder).values()];
  if (apart.length === 0) return new Map(Object.entries({ hdf5, json }));
  const files = apart.flatMap((episode) => listed(episode).map((name) => join(episode, name)));
  return new Map([
    ...files.map((file): [string, string] => [`${basename(dirname(file))}/${basename(file)}`, file]),
    ['json', json],
  ]);
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
