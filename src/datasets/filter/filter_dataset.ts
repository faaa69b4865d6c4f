import { type Conversion, type ConversionOptions, writeDataset } from '../conversion/convert.js';
import type { WritableFormat } from '../format.js';
import { openDataset } from '../registry.js';
import type { VerifyOptions } from '../verification.js';
import { chosenEpisodes } from '../views/chosen_episodes.js';
import { type EpisodeFilter, type FilteredPlaces, filterPlaces } from './filter_places.js';

/** Writes the episodes of a dataset that a filter chooses: see `filterPlaces` and `writeDataset`. */
export async function filterDataset(
  path: string,
  filter: EpisodeFilter,
  format: WritableFormat,
  output: string,
  options: ConversionOptions & Pick<VerifyOptions, 'onEpisode'> = {},
): Promise<{ conversion: Conversion; found: FilteredPlaces; episodes: number }> {
  const dataset = await openDataset(path);
  try {
    const found = await filterPlaces(dataset, filter, options);
    const conversion = await writeDataset(chosenEpisodes(dataset, found.places), format, output, options);
    return { conversion, found, episodes: dataset.head.ids.length };
  } finally {
    dataset.close();
  }
}
