import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { processBirth, processExists } from './processes.js';

/**
 * The identity of a process among all on all machines. Null: the system doesn't tell, or an earlier version didn't ask.
 */
export const identitySchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** The id of the machine's present start: each start gets another. */
  boot: z.string().nullable().default(null),
  /** The process namespace: a container has other process numbers than its machine. */
  namespace: z.string().nullable().default(null),
  /** Its beginning, by {@link processBirth}. */
  born: z.number().nullable().default(null),
});

export type ProcessIdentity = z.output<typeof identitySchema>;

/**
 * Time without a sign of life after which a process is taken for dead: an update on an eager backend can take a minute.
 */
export const SILENCE_MS = 120_000;

// Asked once: a machine may get another name while the process runs.
const THIS_PROCESS: ProcessIdentity = {
  pid: process.pid,
  host: hostname(),
  boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  namespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  born: processBirth(process.pid),
};

/** This process, in all of its threads. */
export function thisProcess(): ProcessIdentity {
  return THIS_PROCESS;
}

/** True if two identities are of one process. */
export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  const key = ({ pid, host, boot, namespace, born }: ProcessIdentity) =>
    JSON.stringify([pid, host, boot, namespace, born]);
  return key(one) === key(other);
}

/** True if a process has its number from the same system as this one, so that it can be looked for. */
export function isWithinReach({ host, boot, namespace }: ProcessIdentity): boolean {
  const here = THIS_PROCESS;
  const agree = (one: string | null, other: string | null) => one === null || other === null || one === other;
  return host === here.host && agree(boot, here.boot) && agree(namespace, here.namespace);
}

/**
 * True if a process may still be at work. One within reach is looked for. Of others there is only the time of their
 * last sign of life, in milliseconds since 1970; one from the future is as good as an old one, since clocks go wrong.
 */
export function mayStillRun(identity: ProcessIdentity, signOfLife: number): boolean {
  const isSilent = Math.abs(Date.now() - signOfLife) > SILENCE_MS;
  if (!isWithinReach(identity)) return !isSilent;
  const { pid, born } = identity;
  if (!livesHere(pid, born)) return false;
  // Without its birth, the number may be another program's by now.
  return isBirthKnown(pid, born) || !isSilent;
}

/**
 * True if the process of this number and birth exists; if the birth is not known, one of this number other than this
 * process.
 */
export function livesHere(pid: number, born: number | null): boolean {
  if (pid === process.pid) return born === THIS_PROCESS.born;
  return processExists(pid) && (!isBirthKnown(pid, born) || born === processBirth(pid));
}

function isBirthKnown(pid: number, born: number | null): boolean {
  return born !== null && processBirth(pid) !== null;
}

function orNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
