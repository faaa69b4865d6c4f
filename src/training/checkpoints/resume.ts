import { join, resolve } from 'node:path';
import { flattenConfig, isKeyIn } from '../../config/flatten.js';
import type { Config } from '../../config/schema.js';
import { UserError } from '../../errors.js';
import { readRows, readRunConfig } from '../../runs/run_record.js';
import { algorithmAt } from '../create_agent.js';
import type { RunFolder } from '../folder/run_folder.js';
import { readStatus } from '../folder/run_status.js';
import { cloneUpdates, offlineUpdates, onlineSteps, stepsAt } from '../phases/schedules.js';
import { isEvaluated, type RunProgress, stepsText } from '../run_progress.js';
import type { LoadedCheckpoint } from './checkpoint.js';

/**
 * Settings that may change when a run goes on: its length, evaluations, logs and paths, and the device that computes
 * it.
 */
const FREE_KEYS = [
  'train.steps',
  'train.offline_steps',
  'train.dataset_path',
  // Another backend or device computes the same, but rounds otherwise.
  'train.backend',
  'train.device',
  'train.save_buffer_in_checkpoints',
  'train.keep_checkpoints',
  'train.eval_freq',
  'train.eval_steps',
  'train.eval_episodes',
  'train.log_freq',
  'train.save_freq',
  'env.num_workers',
  'eval_env',
  'eval',
  'verbose',
  'logger',
  'demo_type',
  'config_type',
];

/**
 * Throws a UserError, listing the keys, if a run with `config` can't go on from the checkpoint, or from the configuration in
 * the file `path`, because it would learn something else or with other sizes.
 */
export function checkResumable(source: Pick<LoadedCheckpoint, 'path' | 'config'>, config: Config): void {
  const changed = lastingChanges(source.config, config);
  if (changed.length > 0) {
    throw new UserError(
      `${source.path} is from another configuration (${changed.join(', ')}); ` +
        'give the same values, or start a new run',
    );
  }
}

/**
 * Throws a UserError if a run is to make more updates of the phase offline though another algorithm has gone on from where that ended.
 */
export function checkHandedOver(checkpoint: LoadedCheckpoint, config: Config): void {
  const { offlineSteps } = checkpoint.progress;
  const present = algorithmAt(config, checkpoint);
  if (present === config.algo || offlineUpdates(config.train) <= offlineSteps) return;
  throw new UserError(
    `train.offline_steps=${config.train.offline_steps}: ${present} has gone on after ${offlineSteps} updates of ${config.algo}: ` +
      'leave it out, go on from a checkpoint of before, or start a new run',
  );
}

/** Throws a UserError if the changed configuration of a run in `runPath` puts it elsewhere. */
export function checkPlace(runPath: string, before: Config, after: Config): void {
  const place = ({ logger }: Pick<Config, 'logger'>) => join(logger.workspace, logger.exp_name ?? '');
  if (place(after) === place(before) || resolve(place(after)) === resolve(runPath)) return;
  throw new UserError(
    `a resumed run stays where it is, in ${runPath}: leave out logger.workspace and logger.exp_name, or move the folder first`,
  );
}

/** The changes from `before` to `after` in settings that a resumed run can't change, as `key: old → new`. */
export function lastingChanges(before: Config, after: Config): string[] {
  const old = flattenConfig(before);
  return [...flattenConfig(after)]
    .filter(([key, value]) => old.get(key) !== value && !isKeyIn(key, FREE_KEYS))
    .map(([key, value]) => `${key}: ${old.get(key)} → ${value}`);
}

/**
 * Throws a UserError if a run without a checkpoint has logged steps or is finished: started over, it would lose them.
 */
export function checkNothingToLose(folder: RunFolder): void {
  const { path, modelsPath } = folder;
  const logged = readRows(folder).at(-1)?.env_steps ?? 0;
  if (logged === 0 && readStatus(folder)?.state !== 'finished') return;
  const { train } = readRunConfig(folder);
  const made = logged > 0 ? `has made ${stepsText(stepsAt(train, logged))}` : 'is finished';
  throw new UserError(
    `${path} ${made}, but its checkpoints are not in ${modelsPath}: bring them back to go on; to train anew, remove ` +
      `${path} or choose another name`,
  );
}

/** True if a run has trained all its phases, and was evaluated after them where it has a task. */
export function isFinished(progress: RunProgress, config: Pick<Config, 'env' | 'train'>): boolean {
  const { train, env } = config;
  const isTrained =
    progress.cloneSteps >= cloneUpdates(train) &&
    progress.offlineSteps >= offlineUpdates(train) &&
    progress.envSteps >= onlineSteps(train);
  return isTrained && (env.env_id === null || isEvaluated(progress));
}

/** Throws a UserError if the checkpoint is one of a finished run. */
export function checkUnfinished(
  runPath: string,
  { progress }: LoadedCheckpoint,
  config: Pick<Config, 'env' | 'train'>,
): void {
  if (!isFinished(progress, config)) return;
  const { train } = config;
  const { envSteps, offlineSteps } = progress;
  const finished = `${runPath} is finished: it has made`;
  if (train.phases.includes('online')) {
    const made = `${envSteps} of train.steps=${train.steps} env steps`;
    throw new UserError(`${finished} ${made}. Give a larger train.steps to go on`);
  }
  if (train.phases.includes('offline')) {
    const made = `${offlineSteps} of train.offline_steps=${train.offline_steps} updates`;
    throw new UserError(`${finished} ${made}. Give a larger train.offline_steps to go on`);
  }
  throw new UserError(`${finished} all its ${stepsText(progress)}, and cloning can't go on: start a new run`);
}
