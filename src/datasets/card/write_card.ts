import { extname, join } from 'node:path';
import { UserError } from '../../errors.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { isFolder } from '../../files/folders.js';
import { fileExists } from '../../files/reading.js';
import { type DatasetInfo, datasetInfo, type InfoOptions } from '../info.js';
import { datasetAt, openDataset } from '../registry.js';
import { datasetStatistics } from '../statistics/dataset_statistics.js';
import { drawStatistics } from '../statistics/draw_statistics.js';
import { isBad } from '../verification.js';
import { type CardFacts, cardText } from './card_text.js';

/** The files of a card. */
export interface CardFiles {
  readme: string;
  histograms: string;
}

/** The places of a dataset's card: in its folder, or beside its file. */
export function cardFiles(path: string): CardFiles {
  if (isFolder(path)) return { readme: join(path, 'README.md'), histograms: join(path, 'histograms.svg') };
  const stem = path.slice(0, path.length - extname(path).length);
  return { readme: `${stem}.README.md`, histograms: `${stem}.histograms.svg` };
}

/**
 * Writes the card of a dataset: a README with what is in it, statistics, a picture of histograms, its licence, and how it was made. Throws
 * a UserError if the dataset is bad, or has a card.
 */
export async function writeCard(
  given: string,
  facts: CardFacts,
  options: InfoOptions = {},
): Promise<CardFiles & { info: DatasetInfo }> {
  const { path } = await datasetAt(given);
  const files = cardFiles(path);
  for (const file of Object.values(files)) {
    if (await fileExists(file)) throw new UserError(`${file} exists already; nothing is written over`);
  }
  const info = await datasetInfo(path, options);
  if (isBad(info)) throw new UserError(`${path} has problems, which data verify lists: no card is written`);
  const dataset = await openDataset(path);
  try {
    const statistics = await datasetStatistics(dataset, options);
    const { readme, histograms } = files;
    await drawStatistics(statistics, histograms);
    const name = isFolder(path) ? 'histograms.svg' : histograms.slice(histograms.lastIndexOf('/') + 1);
    await writeFileAtomic(readme, cardText(info, statistics, facts, name));
  } finally {
    dataset.close();
  }
  return { ...files, info };
}
