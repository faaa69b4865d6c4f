import { changedConfig, loadConfig, readConfigFile } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { LoadedCheckpoint } from './checkpoints/checkpoint.js';
import { loadResumePoint } from './checkpoints/intact_checkpoint.js';
import type { ResumePoint } from './checkpoints/load_policy.js';
import { checkHandedOver, checkNothingToLose, checkPlace, checkResumable } from './checkpoints/resume.js';
import { checkDataset, withDatasetEverywhere } from './dataset/run_dataset.js';
import { createRunFolder, openRunFolder, type RunFolder, withRunName } from './folder/run_folder.js';
import { checkLogs } from './logs/open_logs.js';
import { checkTaskSettings, taskNotes } from './task_settings.js';

/** A training that is ready to begin, or to go on. */
export interface PreparedRun {
  config: Config;
  folder: RunFolder;
  /** The checkpoint to go on from; null to begin. */
  checkpoint: LoadedCheckpoint | null;
  /** Lines for the person who started it. */
  notes: string[];
}

/**
 * Checks what a recipe with `key.sub=value` overrides asks for, and makes the folder of its run. Throws a UserError, and
 * leaves no folder, if anything about it is wrong.
 */
export async function prepareRun(recipe: string, overrides: readonly string[]): Promise<PreparedRun> {
  const config = await withDatasetEverywhere(loadConfig(recipe, overrides));
  await checkDataset(config);
  checkTaskSettings(config);
  checkLogs(config);
  const folder = await createRunFolder(config);
  const notes = [`run ${folder.path} (${recipe}, seed ${config.seed})`, ...taskNotes(config)];
  if (folder.renamed) notes.unshift(`${folder.renamed} exists already: this run is called ${folder.name}`);
  return { config: withRunName(config, folder.name), folder, checkpoint: null, notes };
}

/**
 * Checks that a run can go on with `key.sub=value` overrides to its own configuration; one that was ended before its first
 * checkpoint begins anew. Throws a UserError, and changes nothing, if anything about it is wrong.
 */
export async function prepareResumption(
  { runPath, name }: ResumePoint,
  overrides: readonly string[],
): Promise<PreparedRun> {
  const folder = openRunFolder(runPath);
  const checkpoint = await loadResumePoint(folder, name);
  if (!checkpoint) checkNothingToLose(folder);
  const tree = readConfigFile(folder.configPath);
  const before = changedConfig(tree, [], folder.configPath);
  const config = await withDatasetEverywhere(changedConfig(tree, overrides, folder.configPath));
  checkPlace(folder.path, before, config);
  checkResumable(checkpoint ?? { path: folder.configPath, config: before }, config);
  if (checkpoint) checkHandedOver(checkpoint, config);
  else await checkDataset(config);
  checkTaskSettings(config);
  checkLogs(config);
  const notes = [`run ${folder.path}, seed ${config.seed}`, ...taskNotes(config)];
  if (!checkpoint) notes.push('it was ended before its first checkpoint: starting it over');
  return { config, folder, checkpoint, notes };
}
