import { commandText } from '../command_text.js';
import { UserError } from '../errors.js';
import { isFolder } from '../files/folders.js';
import { isOutOfMemory, limitProblem } from '../limits.js';
import type { RunFolder } from './folder/run_folder.js';

/**
 * A failure after which the environments of a run can't be stepped any more. The run is as it was before that step, and
 * can be saved.
 */
export class EnvironmentFailure extends Error {
  override readonly name = 'EnvironmentFailure';

  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
  }
}

/** The error of a run in `folder`, with advice if disk or memory was short, or the folder is not there any more. */
export function withAdvice(error: unknown, folder: RunFolder): unknown {
  const goOn = `then go on with: ${resumeCommand(folder)}`;
  if (!isFolder(folder.path)) {
    return new UserError(
      `${messageOf(error)}. ${folder.path} was renamed or removed while the run was at work; if renamed, go on with: ` +
        `${commandText('train', '--resume')} <its new path>`,
      { cause: error },
    );
  }
  if (isDiskFull(error)) {
    return new UserError(
      `${messageOf(error)}. Make room; train.keep_checkpoints=2 or train.save_buffer_in_checkpoints=False take less; ` +
        goOn,
      { cause: error },
    );
  }
  if (isOutOfMemory(error)) {
    return new UserError(
      'out of memory: lower train.replay_buffer_capacity (in a new run) or train.num_demos, or end other programs; ' +
        goOn,
      { cause: error },
    );
  }
  const limit = error instanceof UserError ? null : limitProblem(error);
  return limit === null ? error : new UserError(limit, { cause: error });
}

/** The command that goes on with a run, from its checkpoint `name` if that is given. */
export function resumeCommand({ path }: RunFolder, name?: string): string {
  return commandText('train', '--resume', path, ...(name === undefined ? [] : ['--checkpoint', name]));
}

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ENOSPC') || isDiskFull(error.cause);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
