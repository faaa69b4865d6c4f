import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import { writeYaml } from '../config/yaml.js';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files.js';

/** The files of one run, `exps/<exp_name>/`. */
export interface RunFolder {
  name: string;
  path: string;
  configPath: string;
  modelsPath: string;
  metricsPath: string;
  /** Where TensorBoard's event files are. */
  logsPath: string;
  statusPath: string;
  /** The batches of an update that went wrong. */
  brokenBatchPath: string;
  videosPath: string;
  /** Where a run without a dataset keeps the demonstrations it made. */
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
    brokenBatchPath: join(path, 'broken_batch.safetensors'),
    videosPath: join(path, 'videos'),
    demosPath: join(path, 'demos'),
  };
}

/**
 * Creates the folder of a new run and writes its `config.yml`. A name that is taken gets the suffix _1, _2, …, so that
 * no run is ever written over; `renamed` then holds the name that was asked for.
 */
export async function createRunFolder(config: Config): Promise<RunFolder & { renamed?: string }> {
  const wanted = config.logger.exp_name ?? `rlpd-${config.env.env_id}-${config.seed}`;
  let name = wanted;
  for (let suffix = 1; existsSync(join(config.logger.workspace, name)); suffix++)
    name = `${wanted}_${suffix}`;
  const folder = runFolderAt(join(config.logger.workspace, name));
  mkdirSync(folder.modelsPath, { recursive: true });
  await writeConfig(folder, withRunName(config, name));
  return name === wanted ? folder : { ...folder, renamed: wanted };
}

/** Removes the folder of a run that ended before it had anything to keep, so that its name stays free. */
export function discardIfEmpty(folder: RunFolder): void {
  const isKept = existsSync(folder.metricsPath) || existsSync(folder.demosPath);
  if (!isKept && readdirSync(folder.modelsPath).length === 0) rmSync(folder.path, { recursive: true });
}

/** Writes the run's `config.yml`, also when a resumed run goes on with other values. */
export async function writeConfig(folder: RunFolder, config: Config): Promise<void> {
  await writeFileAtomic(folder.configPath, configText(config));
}

/** The configuration of the run that got this name. */
export function withRunName(config: Config, name: string): Config {
  return { ...config, logger: { ...config.logger, exp_name: name } };
}

/** What `config.yml` holds. */
export function configText(config: Config): string {
  return writeYaml(config);
}

/** The folder of an existing run. Throws a UserError if there is none at `path`. */
export function openRunFolder(path: string): RunFolder {
  const folder = runFolderAt(path);
  if (!existsSync(folder.configPath)) {
    throw new UserError(`${path}: no run there (expected ${folder.configPath})`);
  }
  return folder;
}
