import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeIfEmpty } from '../files/folders.js';
import { writeError } from '../files/problems.js';
import { removeStrays } from '../files/temporary_names.js';
import { limitProblem } from '../limits.js';
import { THREADS_VARIABLE } from '../runtime/node/thread_count.js';
import { INTERRUPTED_EXIT_CODE } from '../stop_signal.js';
import { runFolderAt } from '../training/folder/run_folder.js';
import type { PlannedPoint } from './plan.js';

/** The end of a sweep's training. */
export type Ending = { state: 'finished' | 'interrupted' } | { state: 'failed'; error: string };

/** A training in a process of its own. */
export interface ChildTraining {
  ended: Promise<Ending>;
  /** Asks it to save and end. */
  stop(): void;
}

export interface ChildOptions {
  /** The compiled command line, `dist/src/cli.js`. */
  cliPath: string;
  threads: number;
}

/** Path of the output of a point's training: beside its folder, which doesn't exist after a failed start. */
export function logPath({ path }: PlannedPoint): string {
  return `${path}.log`;
}

/**
 * Starts or resumes the training of a point; its output is added to its log. It has a process group of its own: Ctrl-C
 * in the terminal reaches only the sweep, which asks each training once to stop (asked twice, it would not save).
 */
export function startTraining(point: PlannedPoint, { cliPath, threads }: ChildOptions): ChildTraining {
  const { path, name, action, overrides } = point;
  const source = sourceOf(point);
  const place = [`logger.workspace=${JSON.stringify(dirname(path))}`, `logger.exp_name=${name}`];
  const log = openLog(logPath(point), action === 'resume' ? 'a' : 'w');
  const child = spawn(process.execPath, [cliPath, 'train', ...source, ...overrides, ...place], {
    stdio: ['ignore', log, log],
    detached: true,
    env: { ...process.env, [THREADS_VARIABLE]: String(threads) },
  });
  closeSync(log);
  const ended = once(child, 'exit').then(
    ([code, signal]) => endingOf(code, signal, point),
    (error: Error): Ending => ({ state: 'failed', error: limitProblem(error) ?? error.message }),
  );
  return { ended, stop: () => child.kill('SIGTERM') };
}

function sourceOf({ path, action, recipe }: PlannedPoint): string[] {
  switch (action) {
    case 'resume':
      return ['--resume', path];
    case 'restart':
      if (existsSync(runFolderAt(path).configPath)) return ['--resume', path];
      // A start that was killed before it wrote its configuration.
      removeStrays(path, { recursive: true });
      for (const folder of [runFolderAt(path).modelsPath, path]) removeIfEmpty(folder);
      return [recipe];
    case 'start':
    case 'skip':
      return [recipe];
  }
}

function openLog(path: string, mode: 'a' | 'w'): number {
  try {
    return openSync(path, mode);
  } catch (error) {
    throw writeError(path, error);
  }
}

function endingOf(code: number | null, signal: string | null, point: PlannedPoint): Ending {
  if (code === 0) return { state: 'finished' };
  // In its first second a training does not listen yet, and has nothing to save.
  if (code === INTERRUPTED_EXIT_CODE || signal === 'SIGTERM') return { state: 'interrupted' };
  if (signal !== null) return { state: 'failed', error: `killed by ${signal}` };
  return { state: 'failed', error: lastError(logPath(point)) ?? `exit code ${code}, see ${logPath(point)}` };
}

/** The message that a command ended with: the text behind the last `error: ` in its output. */
function lastError(path: string): string | undefined {
  return readFileSync(path, 'utf8')
    .split(/^error: /m)
    .slice(1)
    .at(-1)
    ?.trim();
}
