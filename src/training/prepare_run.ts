import { loadConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { checkDataset, withDatasetEverywhere } from './dataset/run_dataset.js';
import { createRunFolder, type RunFolder, withRunName } from './folder/run_folder.js';
import { checkLogs } from './logs/open_logs.js';
import { checkTaskSettings } from './task_settings.js';

/** A training that is ready to begin. */
export interface NewRun {
  config: Config;
  folder: RunFolder;
  /** Lines for the person who started it. */
  notes: string[];
}

/**
 * Checks what a recipe with `key.sub=value` overrides asks for, and makes the folder of its run. Throws a UserError, and
 * leaves no folder, if anything about it is wrong.
 */
export async function prepareRun(recipe: string, overrides: readonly string[]): Promise<NewRun> {
  const config = withDatasetEverywhere(loadConfig(recipe, overrides));
  await checkDataset(config);
  checkTaskSettings(config);
  checkLogs(config);
  const folder = await createRunFolder(config);
  const notes = [`run ${folder.path} (${recipe}, seed ${config.seed})`];
  if (folder.renamed) notes.unshift(`${folder.renamed} exists already: this run is called ${folder.name}`);
  return { config: withRunName(config, folder.name), folder, notes };
}
