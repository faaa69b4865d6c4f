import { join } from 'node:path';
import { ManiSkillDataset } from '../datasets/formats/maniskill/reader.js';
import { UserError } from '../errors.js';

/** A dataset among downloaded files, as its json describes it; null where the json says nothing. */
export interface FoundDataset {
  path: string;
  episodes: number;
  envId: string | null;
  controlModes: string[];
  obsMode: string | null;
  /** The reason why it can't be used, or null. */
  problem: string | null;
}

/** Looks at every `.h5` file of `names`, paths in `folder`. Reads the json files and opens the others, no more. */
export async function describeDatasets(folder: string, names: readonly string[]): Promise<FoundDataset[]> {
  const found: FoundDataset[] = [];
  for (const name of names.filter((name) => name.endsWith('.h5'))) {
    found.push(await describeDataset(join(folder, name)));
  }
  return found;
}

async function describeDataset(path: string): Promise<FoundDataset> {
  try {
    const dataset = await ManiSkillDataset.open(path);
    dataset.close();
    const { episodes, envId, obsMode } = dataset.record;
    const controlModes = [...new Set(episodes.flatMap(({ controlMode }) => controlMode ?? []))];
    return { path, episodes: episodes.length, envId, controlModes, obsMode, problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { path, episodes: 0, envId: null, controlModes: [], obsMode: null, problem: error.message };
  }
}
