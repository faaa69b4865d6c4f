import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { UserError } from '../../src/errors.js';
import { packagePath } from '../../src/version.js';

/** The compiled command line that trainings and demonstrations are made with. */
export const CLI_PATH = packagePath('dist/src/cli.js');

/**
 * Runs a program to its end and returns its standard output; its errors appear on ours. It has a process group of its
 * own, so that Ctrl-C reaches it once, by `stop`. Throws a UserError if it can't be run or fails.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  stop: AbortSignal,
): Promise<string> {
  const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'inherit'], detached: true };
  const child = spawn(program, args, options);
  const ask = () => child.kill('SIGTERM');
  stop.addEventListener('abort', ask);
  try {
    const [output, [code, signal]] = await Promise.all([text(child.stdout!), once(child, 'close')]);
    if (code === 0) return output;
    throw new UserError(
      `${program} ${args.join(' ')}: ${signal ? `killed by ${signal}` : `exit code ${code}`}`,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`can't run ${program}: ${(error as Error).message}`, { cause: error });
  } finally {
    stop.removeEventListener('abort', ask);
  }
}
