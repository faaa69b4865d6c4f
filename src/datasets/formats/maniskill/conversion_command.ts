import { commandText } from '../../../command_text.js';

/**
 * The command that makes a dataset one to train on, with actions of `controlMode` and observations as one array. Null
 * keeps the control mode and takes observations from the recorded states; that keeps failures too. Null as `output` leaves the name to the replay.
 */
export function conversionCommand(
  path: string,
  controlMode: string | null,
  output: string | null = null,
): string {
  const method = controlMode === null ? ['--use-env-states', '--allow-failure'] : ['-c', controlMode];
  const place = output === null ? [] : ['--output', output];
  return commandText('replay', '--traj-path', path, ...method, '-o', 'state', '--save-traj', ...place);
}
