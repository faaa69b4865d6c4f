import { z } from 'zod';
import { UserError } from '../../errors.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { replaceContested } from '../../files/contested_file.js';
import { readTextIfThere } from '../../files/reading.js';
import { parseJson } from '../../json.js';
import {
  identitySchema,
  isSameProcess,
  isWithinReach,
  mayStillRun,
  type ProcessIdentity,
  SILENCE_MS,
  thisProcess,
} from '../../process_identity.js';

const time = () => z.iso.datetime();

/** Contents of a run's `status.json`, and of a sweep's `sweep.json`. Times are ISO 8601 in UTC. */
const statusSchema = z.object({
  state: z.enum(['running', 'finished', 'interrupted', 'failed']),
  /** The process that trained or trains. */
  ...identitySchema.shape,
  started: time(),
  heartbeat: time(),
  ended: time().nullable(),
  /** Reason of the failure. */
  error: z.string().nullable(),
});

export type RunStatus = z.output<typeof statusSchema>;

/** The folder of a run or a sweep, in which one process at a time works, and the status file that names the process. */
export interface WorkPlace {
  path: string;
  statusPath: string;
}

const HEARTBEAT_MS = 10_000;

/**
 * Runs `work`, a training in `place`, and keeps its status: running with a heartbeat, then its end. `work` resolves to
 * true if it was completed. Of processes that begin at the same moment, on any machines, one gets the place. Throws a
 * UserError if another process is at work there, or takes the place later: it may, if this process was stopped, or cut
 * off from the disk, for so long that it was taken for dead. The rest of `work` then has to end with this process.
 */
export async function keepStatus(place: WorkPlace, work: () => Promise<boolean>): Promise<boolean> {
  const own = { ...thisProcess(), started: now() };
  const textOf = (state: RunStatus['state'], error: string | null = null) => {
    const heartbeat = now();
    const status: RunStatus = {
      state,
      ...own,
      heartbeat,
      ended: state === 'running' ? null : heartbeat,
      error,
    };
    return `${JSON.stringify(status, null, 2)}\n`;
  };
  await replaceContested(place.statusPath, (current) => {
    if (current !== null) checkFree(place, parseStatus(current, place));
    return textOf('running');
  });
  const heart = beat(place, own, () => textOf('running'));
  const end = async (...how: Parameters<typeof textOf>) => {
    if (await heart.stop()) await writeFileAtomic(place.statusPath, textOf(...how));
  };
  try {
    const finished = await Promise.race([work(), heart.lost]);
    await end(finished ? 'finished' : 'interrupted');
    return finished;
  } catch (error) {
    // The error matters more than a status that can't be written on a full disk.
    await end('failed', error instanceof Error ? error.message : String(error)).catch(() => {});
    throw error;
  }
}

/**
 * The status of the work in a place, null if there is none. A run that was killed can't record it: it is called running
 * only as long as its process may live. Throws a UserError if the file is damaged.
 */
export function readStatus(place: WorkPlace): RunStatus | null {
  const text = readTextIfThere(place.statusPath);
  const status = text === null ? null : parseStatus(text, place);
  return status && isStale(status) ? { ...status, state: 'interrupted' } : status;
}

/** Throws a UserError, with advice, if by this status a process is at work in a place. */
export function checkFree({ path }: WorkPlace, status: RunStatus | null): void {
  if (status?.state !== 'running' || isStale(status)) return;
  const { pid, host, heartbeat } = status;
  const advice = isWithinReach(status)
    ? `stop it with: kill ${pid}`
    : `if it was killed, wait ${SILENCE_MS / 60_000} minutes from its last sign of life, ${heartbeat}`;
  throw new UserError(`${path} is being trained already, by process ${pid} on ${host}; ${advice}`);
}

/** The identity of one start of the work in a place. */
type Start = ProcessIdentity & Pick<RunStatus, 'started'>;

interface Heart {
  /** Rejects when the place is another process's. */
  lost: Promise<never>;
  /** Stops the heartbeat. Resolves to true if the place is still this process's. */
  stop(): Promise<boolean>;
}

/** Starts a heartbeat: writes the status from `text` again and again, until another process has written there. */
function beat(place: WorkPlace, own: Start, text: () => string): Heart {
  let lose: (reason: UserError) => void;
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  let isOurs = true;
  const once = async () => {
    const found = readStatus(place);
    if (found === null || isSame(found, own)) return writeFileAtomic(place.statusPath, text());
    isOurs = false;
    clearInterval(timer);
    lose(takenOver(place, found));
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    // What can't be written here can't be saved either: the next checkpoint stops the run with the reason.
    last = once().catch(() => {});
  }, HEARTBEAT_MS);
  return {
    lost,
    async stop() {
      clearInterval(timer);
      await last;
      return isOurs;
    },
  };
}

function takenOver({ path }: WorkPlace, { pid, host }: RunStatus): UserError {
  return new UserError(
    `${path} was taken over by process ${pid} on ${host}, as this one gave no sign of life`,
  );
}

function isSame(one: Start, other: Start): boolean {
  return isSameProcess(one, other) && one.started === other.started;
}

function isStale(status: RunStatus): boolean {
  return status.state === 'running' && !mayStillRun(status, Date.parse(status.heartbeat));
}

function parseStatus(text: string, { statusPath }: WorkPlace): RunStatus {
  const status = statusSchema.safeParse(parseJson(text)).data;
  if (!status) throw new UserError(`${statusPath} is damaged: delete it`);
  return status;
}

function now(): string {
  return new Date().toISOString();
}
