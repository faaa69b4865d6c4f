import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { thisProcess } from '../../../src/process_identity.js';
import { configText } from '../../../src/training/folder/run_folder.js';
import type { RunStatus } from '../../../src/training/folder/run_status.js';
import { tinyConfig } from '../training/tiny_run.js';

/** The number of a process that has ended: no system counts so far. */
export const DEAD_PID = 2 ** 30;

/**
 * The status of a run that this process trains; `changes` make it another. Of another process only the number and the
 * machine are known, as earlier versions wrote it.
 */
export function statusOf(changes: Partial<RunStatus> = {}): RunStatus {
  const now = new Date().toISOString();
  const unknown = { pid: process.pid, host: hostname(), boot: null, namespace: null, born: null };
  return {
    state: 'running',
    ...(changes.pid === undefined ? thisProcess() : unknown),
    started: now,
    heartbeat: now,
    ended: null,
    error: null,
    ...changes,
  };
}

export interface FixtureRun {
  overrides?: readonly string[];
  /**
   * Env steps and successes of its evaluations, the same at any step as at the end if left out; ten seconds pass for every 40
   * env steps.
   */
  evaluations?: readonly (readonly [envSteps: number, atEnd: number, once?: number])[];
  status?: RunStatus;
}

/** Writes the folder of a run as a training leaves it, without its checkpoints, and gives its path. */
export function writeRun(
  workspace: string,
  name: string,
  { overrides = [], evaluations, status }: FixtureRun,
): string {
  const path = join(workspace, name);
  mkdirSync(join(path, 'models'), { recursive: true });
  writeFileSync(join(path, 'config.yml'), configText(tinyConfig(workspace, overrides)));
  if (status) writeFileSync(join(path, 'status.json'), JSON.stringify(status));
  if (evaluations) {
    const rows = evaluations.map(([env_steps, atEnd, once = atEnd]) =>
      JSON.stringify({
        env_steps,
        seconds: env_steps / 4,
        'eval/success_at_end': atEnd,
        'eval/success_once': once,
        'eval/return': 10 * atEnd,
      }),
    );
    writeFileSync(join(path, 'metrics.jsonl'), `${rows.join('\n')}\n`);
  }
  return path;
}
