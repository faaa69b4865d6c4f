import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import type { RunFolder } from './run_folder.js';

const time = () => z.iso.datetime();

/** What `status.json` of a run holds. Times are ISO 8601 in UTC. */
const statusSchema = z.object({
  state: z.enum(['running', 'finished', 'interrupted', 'failed']),
  /** The process that trained or trains, and its machine. */
  pid: z.int().positive(),
  host: z.string(),
  started: time(),
  heartbeat: time(),
  ended: time().nullable(),
  /** Why a run failed. */
  error: z.string().nullable(),
});

export type RunStatus = z.output<typeof statusSchema>;

const HEARTBEAT_MS = 10_000;
/** An update on an eager backend can hold up the heartbeat for a minute. */
const SILENCE_MS = 120_000;

/**
 * Runs `work`, a training in `folder`, and keeps its `status.json`: running with a heartbeat, then how it ended.
 * `work` gives whether it came to its end. Throws a UserError if another process is training there.
 */
export async function keepStatus(folder: RunFolder, work: () => Promise<boolean>): Promise<boolean> {
  const earlier = readStatus(folder);
  // A restarted container gives its processes the same numbers again.
  if (earlier?.state === 'running' && earlier.pid !== process.pid) throw occupied(folder, earlier);
  const started = now();
  const write = (state: RunStatus['state'], error: string | null = null) => {
    const heartbeat = now();
    const ended = state === 'running' ? null : heartbeat;
    const status: RunStatus = { state, pid: process.pid, host: hostname(), started, heartbeat, ended, error };
    return writeFileAtomic(folder.statusPath, `${JSON.stringify(status, null, 2)}\n`);
  };
  await write('running');
  let beat = Promise.resolve();
  const timer = setInterval(() => {
    // What can't be written here can't be saved either: the next checkpoint stops the run with the reason.
    beat = write('running').catch(() => {});
  }, HEARTBEAT_MS);
  const end: typeof write = async (...how) => {
    clearInterval(timer);
    await beat;
    await write(...how);
  };
  try {
    const finished = await work();
    await end(finished ? 'finished' : 'interrupted');
    return finished;
  } catch (error) {
    // The error matters more than a status that can't be written on a full disk.
    await end('failed', error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
}

/**
 * How the run in `folder` stands, null if it never said. A run that was killed has no chance to say so: it is called
 * running only as long as its process lives and gives signs of life. Throws a UserError if the file is damaged.
 */
export function readStatus(folder: RunFolder): RunStatus | null {
  const { statusPath } = folder;
  if (!existsSync(statusPath)) return null;
  const status = parseStatus(readFileSync(statusPath, 'utf8'));
  if (!status) throw new UserError(`${statusPath} is damaged: delete it`);
  return status.state === 'running' && !isAlive(status) ? { ...status, state: 'interrupted' } : status;
}

function occupied(folder: RunFolder, { pid, host, heartbeat }: RunStatus): UserError {
  const advice =
    host === hostname()
      ? `stop it with: kill ${pid}`
      : `if it was killed, wait ${SILENCE_MS / 60_000} minutes from its last sign of life, ${heartbeat}`;
  return new UserError(`${folder.path} is being trained already, by process ${pid} on ${host}; ${advice}`);
}

function parseStatus(text: string): RunStatus | undefined {
  try {
    return statusSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The heartbeat tells another program that has got the same process number from the training. */
function isAlive({ pid, host, heartbeat }: RunStatus): boolean {
  if (Date.now() - Date.parse(heartbeat) > SILENCE_MS) return false;
  return host !== hostname() || processExists(pid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function now(): string {
  return new Date().toISOString();
}
