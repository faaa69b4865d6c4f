import { join } from 'node:path';
import { convertDataset, writeDataset } from '../../../src/datasets/conversion/convert.js';
import type { Dataset } from '../../../src/datasets/dataset.js';
import { WRITABLE_FORMATS } from '../../../src/datasets/registry.js';

/** Names that the formats ask of a dataset's path; others take a folder of any name. */
const NAMES: Readonly<Record<string, string>> = { d4rl: 'made.hdf5', robomimic: 'made.hdf5' };
const FOLDER = 'made-v0';

/** The formats that any dataset can be written in. ManiSkill's holds only what was recorded there. */
export const TIMED_FORMATS = [...WRITABLE_FORMATS.keys()].filter((name) => name !== 'maniskill');

/** The path at which {@link writeAs} puts a dataset of a format, within `folder`. */
export function pathOf(folder: string, format: string): string {
  return join(folder, format, NAMES[format] ?? FOLDER);
}

/** Writes a dataset in a format, into a folder of its own within `folder`. */
export async function writeAs(source: Dataset, format: string, folder: string): Promise<void> {
  await writeDataset(source, WRITABLE_FORMATS.get(format)!, pathOf(folder, format));
}

/** Converts the dataset at `path` to a format, likewise. */
export async function convertTo(path: string, format: string, folder: string): Promise<void> {
  await convertDataset(path, WRITABLE_FORMATS.get(format)!, pathOf(folder, format));
}
