import { basename, dirname, join } from 'node:path';
import type { RandomStream } from '../../rng.js';
import { type Conversion, type ConversionOptions, writeDatasets } from '../conversion/convert.js';
import type { WritableFormat } from '../format.js';
import { openDataset } from '../registry.js';
import { chosenEpisodes } from './chosen_episodes.js';
import { type PartSize, splitPlaces } from './split.js';

/** A part of a dataset that was split. */
export interface SplitPart {
  name: string;
  output: string;
  episodes: number;
}

/**
 * Writes the episodes of a dataset as several datasets, all or none of them: see `writeDatasets`. Their paths are `output` with the
 * names of the parts in it. `random` chooses the episodes of each; null takes them in order.
 */
export async function splitDataset(
  path: string,
  sizes: ReadonlyMap<string, PartSize>,
  random: RandomStream | null,
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<{ conversion: Conversion; parts: SplitPart[] }> {
  const dataset = await openDataset(path);
  try {
    const places = splitPlaces(dataset.head.ids.length, sizes, random);
    const written = [...places].map(([name, chosen]) => ({
      source: chosenEpisodes(dataset, chosen),
      output: partPath(output, name),
    }));
    const conversion = await writeDatasets(written, format, options);
    const parts = [...places].map(([name, { length }], i) => ({
      name,
      output: written[i].output,
      episodes: length,
    }));
    return { conversion, parts };
  } finally {
    dataset.close();
  }
}

/** A path with the name of a part in it: `pick-train.h5`, and before the version of a name that ends in one: `pick-train-v0`. */
export function partPath(path: string, part: string): string {
  const [, stem, end] = /^(.+?)(-v\d+|\.\w+)?$/.exec(basename(path))!;
  return join(dirname(path), `${stem}-${part}${end ?? ''}`);
}
