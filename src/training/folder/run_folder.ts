import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { algorithmsOf } from '../../config/chosen_algorithm.js';
import type { Config } from '../../config/schema.js';
import { writeYaml } from '../../config/yaml.js';
import { UserError } from '../../errors.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { claimFolder, createFolder, createFolderOf, listFolder, removeFolder } from '../../files/folders.js';
import { readTextIfThere } from '../../files/reading.js';
import { isSameProcess, thisProcess } from '../../process_identity.js';
import { readStatus } from './run_status.js';

/** The files of one run, `exps/<exp_name>/`. */
export interface RunFolder {
  name: string;
  path: string;
  configPath: string;
  modelsPath: string;
  metricsPath: string;
  /** Folder of TensorBoard's event files. */
  logsPath: string;
  statusPath: string;
  /** Path of the record of the files that the run learns from. */
  datasetRecordPath: string;
  /** Path of the batches of an update that went wrong. */
  brokenBatchPath: string;
  videosPath: string;
  /** Path of the demonstrations that a run without a dataset has made. */
  demosPath: string;
}

/** The paths of the run in the folder `path`; nothing is created. */
export function runFolderAt(path: string): RunFolder {
  return {
    name: path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1)!,
    path,
    configPath: join(path, 'config.yml'),
    modelsPath: join(path, 'models'),
    metricsPath: join(path, 'metrics.jsonl'),
    logsPath: join(path, 'logs'),
    statusPath: join(path, 'status.json'),
    datasetRecordPath: join(path, 'dataset.json'),
    brokenBatchPath: join(path, 'broken_batch.safetensors'),
    videosPath: join(path, 'videos'),
    demosPath: join(path, 'demos'),
  };
}

/**
 * Creates the folder of a new run and writes its `config.yml`. A name that is taken gets the suffix _1, _2, …, so that
 * no run is ever written over, nor shared by two that start at the same moment; `renamed` then holds the name that was
 * asked for. Throws a UserError if the folder can't be made.
 */
export async function createRunFolder(config: Config): Promise<RunFolder & { renamed?: string }> {
  const { workspace, exp_name: expName } = config.logger;
  const algorithms = algorithmsOf(config).join('-');
  const wanted = expName ?? `${algorithms}-${config.env.env_id ?? 'data'}-${config.seed}`;
  checkOutsideRuns(workspace, dirname(wanted));
  createFolderOf(join(workspace, wanted));
  let name = wanted;
  for (let suffix = 1; !claimFolder(join(workspace, name)); suffix++) name = `${wanted}_${suffix}`;
  const folder = { ...runFolderAt(join(workspace, name)), name };
  try {
    createFolder(folder.modelsPath);
    await writeConfig(folder, withRunName(config, name));
  } catch (error) {
    discardIfEmpty(folder);
    throw error;
  }
  return name === wanted ? folder : { ...folder, renamed: wanted };
}

/**
 * Throws a UserError if the folder of this name is that of a run, or lies in one: another run in there would be lost
 * among its files.
 */
export function checkOutsideRuns(workspace: string, name: string): void {
  for (let folder = name; folder !== '.'; folder = dirname(folder)) {
    const path = join(workspace, folder);
    if (isRunFolder(path))
      throw new UserError(`${path} is a run, and no other can be in its folder: choose another name`);
  }
}

/**
 * Removes the folder that this process has created for a run which ended before it had anything to keep, so that its
 * name stays free. The folder stays if another process has begun to work there, or in case of an error, which must not
 * hide the reason why the run ended.
 */
export function discardIfEmpty(folder: RunFolder): void {
  try {
    if (isKept(folder)) return;
    const status = readStatus(folder);
    if (status === null || isSameProcess(status, thisProcess())) removeFolder(folder.path);
  } catch {
    // As said above.
  }
}

function isKept({ metricsPath, demosPath, modelsPath }: RunFolder): boolean {
  return existsSync(metricsPath) || existsSync(demosPath) || listFolder(modelsPath).length > 0;
}

/** Writes the run's `config.yml`, if a resumed run has other values than the file. */
export async function writeConfig({ configPath }: RunFolder, config: Config): Promise<void> {
  const text = configText(config);
  if (readTextIfThere(configPath) !== text) await writeFileAtomic(configPath, text);
}

/** The configuration of the run that got this name. */
export function withRunName(config: Config, name: string): Config {
  return { ...config, logger: { ...config.logger, exp_name: name } };
}

/** Contents of `config.yml`. */
export function configText(config: Config): string {
  return writeYaml(config);
}

/** The folder of an existing run. Throws a UserError if there is none at `path`. */
export function openRunFolder(path: string): RunFolder {
  const folder = runFolderAt(path);
  if (readTextIfThere(folder.configPath) === null) {
    throw new UserError(`${path}: no run there (expected ${folder.configPath})`);
  }
  return folder;
}

/** True if a folder looks like a run, whole or broken. */
export function isRunFolder(path: string): boolean {
  const { configPath, metricsPath, statusPath, modelsPath } = runFolderAt(path);
  return [configPath, metricsPath, statusPath, modelsPath].some(existsSync);
}
