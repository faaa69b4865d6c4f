import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../../src/errors.js';
import { removeFolder } from '../../../src/files/folders.js';

const run = promisify(execFile);

/**
 * The Python of a virtual environment in `folder` with the packages of the file `requirements`; made first if it is not
 * there, or has others. Throws a UserError if `python` can't be run, or the packages can't be installed.
 */
export async function ensurePythonEnvironment(
  folder: string,
  requirements: string,
  python = 'python3',
): Promise<string> {
  const interpreter = join(folder, 'bin', 'python');
  // Copied there when all is installed: an installation that was interrupted starts over.
  const installed = join(folder, basename(requirements));
  if (existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(requirements, 'utf8')) {
    return interpreter;
  }
  console.log(`installing the packages of ${requirements} into ${folder}`);
  removeFolder(folder);
  await attempt(python, ['-m', 'venv', folder], 'make a virtual environment');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await attempt(interpreter, install, `install the packages of ${requirements}`);
  await copyFile(requirements, installed);
  return interpreter;
}

async function attempt(command: string, args: readonly string[], purpose: string): Promise<void> {
  try {
    await run(command, args);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new UserError(`can't ${purpose}: there is no ${command}; install Python 3.11 or newer`, {
        cause,
      });
    }
    throw new UserError(`can't ${purpose}: ${lastLines(cause)}`, { cause });
  }
}

/** The last lines that a failed command wrote, to whichever of its two outputs. */
function lastLines(cause: unknown): string {
  const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
  const said = `${stdout}\n${stderr}`.trim();
  return said === '' ? String(cause) : said.split('\n').slice(-5).join('\n');
}
