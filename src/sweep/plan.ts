import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
import { isFolder, listFolder } from '../files/folders.js';
import { temporaryOwner } from '../files/temporary_names.js';
import { isTrained, type RunRecord, readRun } from '../runs/run_record.js';
import { savedNames } from '../training/checkpoints/checkpoint.js';
import { checkNothingToLose, lastingChanges } from '../training/checkpoints/resume.js';
import { checkDataset } from '../training/dataset/run_dataset.js';
import { type RunFolder, runFolderAt } from '../training/folder/run_folder.js';
import type { SweepPoint } from './grid.js';

/**
 * The action of a sweep on a point. `restart` is for a run that ended before its first checkpoint, which leaves nothing
 * to go on from.
 */
export type Action = 'start' | 'restart' | 'resume' | 'skip';

/** A point with its place and the action to take. */
export interface PlannedPoint extends SweepPoint {
  path: string;
  action: Action;
}

/**
 * Plans the rest of a sweep in the folder `sweepPath`, where an earlier call may have done some of it. Throws a
 * UserError if a dataset is of no use, another process is at work on a run there, or a folder there holds something
 * else or a run with other values: `advice` says what to do about that.
 */
export async function planSweep(
  sweepPath: string,
  points: readonly SweepPoint[],
  advice: string,
): Promise<PlannedPoint[]> {
  await checkDatasets(points.map(({ config }) => config));
  return points.map((point) => {
    const path = join(sweepPath, point.name);
    return { ...point, path, action: actionAt(path, point.config, advice) };
  });
}

/** Checks each dataset once: opening one takes a moment. */
async function checkDatasets(configs: readonly Config[]): Promise<void> {
  const uses = new Map(
    configs.map((config) => {
      const { env, train } = config;
      return [JSON.stringify([train.dataset_path, env.env_id, env.env_kwargs.control_mode]), config];
    }),
  );
  for (const config of uses.values()) await checkDataset(config);
}

function actionAt(path: string, config: Config, advice: string): Action {
  const folder = runFolderAt(path);
  if (!existsSync(path)) return 'start';
  const hasCheckpoint = savedNames(folder.modelsPath).length > 0;
  if (!existsSync(folder.configPath) && !hasCheckpoint) {
    checkHoldsNothing(folder, advice);
    return 'restart';
  }
  const run = readRun(path);
  checkSame(path, run, config, advice);
  if (run.state === 'running') {
    throw new UserError(`${path} is being trained at the moment: wait for it, or stop it first`);
  }
  if (run.state === 'finished' && isTrained(run.results, config)) return 'skip';
  if (hasCheckpoint) return 'resume';
  checkNothingToLose(folder);
  return 'restart';
}

/**
 * Throws a UserError if a folder without a run holds other files: a start that was killed at once leaves at most
 * `models`, and files that it had not finished.
 */
function checkHoldsNothing({ path, modelsPath }: RunFolder, advice: string): void {
  const names = [path, modelsPath].filter(isFolder).flatMap(listFolder);
  const other = names.find((name) => name !== basename(modelsPath) && temporaryOwner(name) === null);
  if (other !== undefined) throw new UserError(`${path} holds ${other}, and no run: ${advice}`);
}

function checkSame(path: string, run: RunRecord, config: Config, advice: string): void {
  const changes = lastingChanges(run.config, config);
  if (changes.length === 0) return;
  throw new UserError(`${path} was made with other values (${changes.join(', ')}): ${advice}`);
}
