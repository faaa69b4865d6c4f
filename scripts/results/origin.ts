import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';
import { packageFacts, packagePath } from '../../src/version.js';

/** Which program made a result, on which machine. */
export const originSchema = z.strictObject({
  /** Of git; `-modified` is appended if what it holds was changed. Null outside a clone. */
  commit: z.string().nullable(),
  version: z.string(),
  machine: z.strictObject({ cpu: z.string(), cores: z.int().positive(), node: z.string() }),
});

export type Origin = z.output<typeof originSchema>;

/** What makes results: `exps` and RESULTS.md themselves change meanwhile. */
const PROGRAM = ['src', 'envs', 'configs', 'scripts', 'package.json', 'package-lock.json'];

/** The origin of what is made now. */
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
