import { knownEnvironment } from '../../envs/registry.js';
import { commandText } from '../command_text.js';
import { UserError } from '../errors.js';
import type { DatasetTask } from './dataset.js';

/** The refusal of a dataset of another task, with the command that trains on it in its own, where that is known here. */
export function otherTask(path: string, recorded: string, expected: string): UserError {
  return new UserError(`${path} was recorded in ${recorded}; expected ${expected}${ownTask(path, recorded)}`);
}

/**
 * Notes on what could not be checked of a dataset whose metadata name its environment, or null, and no control mode. Throws
 * the refusal if it is another environment than that of `task`.
 */
export function uncheckedTask(
  path: string,
  envId: string | null,
  task: Pick<DatasetTask, 'envId'> | undefined,
): string[] {
  if (!task) return [];
  if (envId !== null && envId !== task.envId) throw otherTask(path, envId, task.envId);
  const unchecked = envId === null ? 'its environment and its control mode' : 'its control mode';
  return [`the metadata don't name ${unchecked}: not checked`];
}

function ownTask(path: string, envId: string): string {
  if (!knownEnvironment(envId)) return '';
  const command = commandText('train', `train.dataset_path=${path}`, `env.env_id=${envId}`);
  return `. Train on it in its own task: ${command}`;
}
