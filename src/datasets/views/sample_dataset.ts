import type { RandomStream } from '../../rng.js';
import { type Conversion, type ConversionOptions, writeDataset } from '../conversion/convert.js';
import type { WritableFormat } from '../format.js';
import { openDataset } from '../registry.js';
import { chosenEpisodes } from './chosen_episodes.js';
import { samplePlaces, sampleSteps } from './sample.js';

/** The size of a sample: so many episodes, or as many as have so many steps together. */
export interface SampleSize {
  count: number;
  unit: 'episodes' | 'steps';
}

/** Writes episodes of a dataset that are drawn by chance, in the order that they have there: see `writeDataset`. */
export async function sampleDataset(
  path: string,
  { count, unit }: SampleSize,
  random: RandomStream,
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<Conversion> {
  const dataset = await openDataset(path);
  try {
    const draw = unit === 'steps' ? sampleSteps : samplePlaces;
    const places = await draw(dataset, count, random);
    return await writeDataset(chosenEpisodes(dataset, places), format, output, options);
  } finally {
    dataset.close();
  }
}
