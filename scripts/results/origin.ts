import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';
import { packageFacts, packagePath } from '../../src/version.js';

/** The program that made a result, and the machine. */
export const originSchema = z.strictObject({
  /** The commit, with `-modified` if files of {@link PROGRAM} were changed. Null outside a clone. */
  commit: z.string().nullable(),
  version: z.string(),
  machine: z.strictObject({ cpu: z.string(), cores: z.int().positive(), node: z.string() }),
});

export type Origin = z.output<typeof originSchema>;

/** Files that results depend on; `exps` and RESULTS.md change while results are made. */
const PROGRAM = ['src', 'envs', 'configs', 'scripts', 'package.json', 'package-lock.json'];

/** The origin of results that are made now. */
export function currentOrigin(): Origin {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  return {
    commit: currentCommit(),
    version: packageFacts().version,
    machine: { cpu, cores: availableParallelism(), node: process.version },
  };
}

function currentCommit(): string | null {
  try {
    const changes = git('status', '--porcelain', '--', ...PROGRAM);
    return git('rev-parse', '--short=10', 'HEAD') + (changes === '' ? '' : '-modified');
  } catch {
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: packagePath('.'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
