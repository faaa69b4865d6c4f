import { type Demonstrations, type DemoOptions, loadDemonstrations } from '../../buffers/demo_buffer.js';
import { openDataset } from '../../datasets/registry.js';

/** Loads demonstrations from the dataset at `path`, of any format. See {@link loadDemonstrations}. */
export async function loadFromPath(path: string, options: DemoOptions): Promise<Demonstrations> {
  const dataset = await openDataset(path, options.task ?? undefined);
  try {
    return await loadDemonstrations(dataset, options);
  } finally {
    dataset.close();
  }
}
