import { type Demonstrations, type DemoOptions, joinDemonstrations } from '../../buffers/demo_buffer.js';
import { type ReadDemonstrations, readDemonstrations } from '../../buffers/demo_reading.js';
import { openDataset } from '../../datasets/registry.js';
import { hashSeed } from '../../rng.js';

/** Loads demonstrations from the dataset at `path`, of any format. See `loadDemonstrations`. */
export function loadFromPath(path: string, options: DemoOptions): Promise<Demonstrations> {
  return loadFromPaths([path], null, options);
}

/**
 * Loads demonstrations from several datasets, each of any format and with a choice of its own, by the same rules. `weights` are in
 * proportion to their shares of what is drawn; null draws all transitions alike. Throws a UserError as
 * `loadDemonstrations` does, and if they don't fit together.
 */
export async function loadFromPaths(
  paths: readonly string[],
  weights: readonly number[] | null,
  options: DemoOptions,
): Promise<Demonstrations> {
  const sets: ReadDemonstrations[] = [];
  for (const [place, path] of paths.entries()) {
    const dataset = await openDataset(path, options.task ?? undefined);
    // Datasets with as many episodes would else have the same ones drawn.
    const seed = place === 0 ? options.seed : hashSeed(options.seed, place);
    try {
      sets.push(await readDemonstrations(dataset, { ...options, seed }, sets[0] ?? null));
    } finally {
      dataset.close();
    }
  }
  return joinDemonstrations(sets, weights, options);
}
