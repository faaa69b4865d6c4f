import { environmentIds } from '../../envs/registry.js';
import { commandText } from '../command_text.js';
import { UserError } from '../errors.js';

/** The refusal of a dataset of another task, with the command that trains on it in its own, where that is known here. */
export function otherTask(path: string, recorded: string, expected: string): UserError {
  return new UserError(`${path} was recorded in ${recorded}; expected ${expected}${ownTask(path, recorded)}`);
}

function ownTask(path: string, envId: string): string {
  if (!environmentIds().includes(envId)) return '';
  const command = commandText('train', `train.dataset_path=${path}`, `env.env_id=${envId}`);
  return `. Train on it in its own task: ${command}`;
}
