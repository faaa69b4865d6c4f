import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../../src/errors.js';
import { writeFileAtomic } from '../../src/files/atomic.js';
import { parseJson } from '../../src/json.js';
import { runFolderAt } from '../../src/training/folder/run_folder.js';
import { readStatus } from '../../src/training/folder/run_status.js';
import { currentOrigin, originSchema } from './origin.js';

/** Facts that a run folder lacks: its command, and the times of its processes. The record lies beside the folder. */
const startSchema = z.strictObject({
  /** The command as a user would type it. */
  command: z.string(),
  ...originSchema.shape,
  /** Time at which the process of the first start began. */
  spawned: z.iso.datetime(),
  /** Seconds from there until the run's own clock began; null while that isn't known. */
  startup: z.number().nonnegative().nullable(),
  starts: z.int().positive(),
  /** Wall-clock seconds of the processes of all starts whose end was seen. */
  spent: z.number().nonnegative(),
});

export type StartRecord = z.output<typeof startSchema>;

/** The record of the run in the folder `runPath`. Throws a UserError if there is none or it is damaged. */
export function readStart(runPath: string): StartRecord {
  const path = recordPath(runPath);
  if (!existsSync(path)) {
    throw new UserError(`${runPath} was not made by this command (there is no ${path}): move or remove it`);
  }
  const record = startSchema.safeParse(parseJson(readFileSync(path, 'utf8')));
  if (record.success) return record.data;
  throw new UserError(`${path} is damaged: remove it and ${runPath}, which is then made anew`);
}

/** Records the first start of the run's process, which was just now. */
export async function noteFirstStart(runPath: string, command: string): Promise<void> {
  const spawned = new Date().toISOString();
  await write(runPath, { command, ...currentOrigin(), spawned, startup: null, starts: 1, spent: 0 });
}

/** Records that the run is resumed. */
export async function noteResumption(runPath: string): Promise<void> {
  const record = readStart(runPath);
  await write(runPath, { ...record, starts: record.starts + 1 });
}

/** Records the seconds that a process of the run took. */
export async function noteEnd(runPath: string, seconds: number): Promise<void> {
  const record = readStart(runPath);
  await write(runPath, { ...record, spent: Number((record.spent + seconds).toFixed(3)) });
}

/**
 * Completes the record of a run by the time in `status.json` of its first start. Call it before the run is resumed,
 * which writes another time there.
 */
export async function settleStartup(runPath: string): Promise<void> {
  const record = readStart(runPath);
  const status = readStatus(runFolderAt(runPath));
  if (record.startup !== null || record.starts > 1 || !status) return;
  const startup = (Date.parse(status.started) - Date.parse(record.spawned)) / 1000;
  await write(runPath, { ...record, startup: Math.max(0, startup) });
}

function recordPath(runPath: string): string {
  return `${runPath}.start.json`;
}

function write(runPath: string, record: StartRecord): Promise<void> {
  return writeFileAtomic(recordPath(runPath), `${JSON.stringify(record, null, 2)}\n`);
}
