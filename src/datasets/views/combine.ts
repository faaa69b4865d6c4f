import { UserError } from '../../errors.js';
import { type Conversion, type ConversionOptions, writeDataset } from '../conversion/convert.js';
import type { Dataset } from '../dataset.js';
import type { WritableFormat } from '../format.js';
import { openDataset } from '../registry.js';
import { combinedDatasets } from './combined.js';
import { withProvenance } from './provenance.js';

/**
 * Writes the episodes of several datasets, of any formats, as one: see {@link writeDataset}. Each says in its metadata where it is
 * from. Throws a UserError if they don't fit together, or one is given twice.
 */
export async function combineDatasets(
  paths: readonly string[],
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<Conversion> {
  const opened: Dataset[] = [];
  try {
    for (const path of paths) {
      const dataset = await openDataset(path);
      opened.push(dataset);
      const isTwice = opened.filter(({ head }) => head.path === dataset.head.path).length > 1;
      if (isTwice) throw new UserError(`${path} is given twice: each of its episodes would be there twice`);
    }
    const combined = await combinedDatasets(opened.map(withProvenance));
    return await writeDataset(combined, format, output, options);
  } finally {
    for (const dataset of opened) dataset.close();
  }
}
