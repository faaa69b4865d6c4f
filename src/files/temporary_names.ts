import { createHash, randomBytes } from 'node:crypto';
import { type Dirent, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { livesHere, type ProcessIdentity, thisProcess } from '../process_identity.js';

/** The longest name, in bytes, that still fits into a temporary name: file systems allow 255. */
const MAX_NAME_BYTES = 200;

/** Age at which a file counts as abandoned: nothing that is being written goes untouched for so long. */
const ABANDONED_MS = 3_600_000;

const RANDOM = randomBytes(3).toString('hex');

/** The process that a temporary name belongs to. */
export interface TemporaryOwner {
  /** Digest of machine, start of the machine and process namespace; null in names that earlier versions gave. */
  place: string | null;
  pid: number;
  born: number | null;
}

/**
 * A hidden path beside `path` to write to before renaming: a rename can't cross file systems. It is the same for each
 * call in this thread, and no other process has it, in another container or on another machine either.
 */
export function temporaryPath(path: string): string {
  const { pid, born } = thisProcess();
  const owner = [placeOf(thisProcess()), pid, born ?? '', RANDOM].join('-');
  return join(dirname(path), `.${shortened(basename(path))}.${owner}.tmp`);
}

/** The owner of a temporary name; null for other names. */
export function temporaryOwner(name: string): TemporaryOwner | null {
  const [, place, pid, born] = /^\..+\.([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{6}\.tmp$/.exec(name) ?? [];
  if (place) return { place, pid: Number(pid), born: born === '' ? null : Number(born) };
  const [, earlier] = EARLIER_NAME.exec(name) ?? [];
  return earlier ? { place: null, pid: Number(earlier), born: null } : null;
}

/**
 * Temporary names of earlier versions, with the endings that this program writes, and the tasks of downloads: other
 * programs have such names too.
 */
const EARLIER_NAME =
  /^\..*(?:\.(?:csv|gif|h5|json|jsonl|mp4|onnx|png|safetensors|svg|wandb|yml)|-v\d+)\.(\d+)\.tmp$/;

/**
 * Removes files that killed processes left unfinished in a folder, and in the folders in it if `recursive`. Files that
 * a process may still write stay; of a process on another machine, only the time of the last write tells. A folder that
 * can't be read stays as it is.
 */
export function removeStrays(folder: string, { recursive = false } = {}): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    const owner = temporaryOwner(entry.name);
    if (owner && !mayStillWrite(owner, path)) rmSync(path, { recursive: true, force: true });
    else if (recursive && entry.isDirectory()) removeStrays(path, { recursive });
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function mayStillWrite({ place, pid, born }: TemporaryOwner, path: string): boolean {
  if (place === null || place === placeOf(thisProcess())) return livesHere(pid, born);
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.abs(Date.now() - touched) < ABANDONED_MS;
}

function placeOf({ host, boot, namespace }: ProcessIdentity): string {
  return digest(JSON.stringify([host, boot, namespace])).slice(0, 8);
}

function shortened(name: string): string {
  return Buffer.byteLength(name) <= MAX_NAME_BYTES ? name : digest(name);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
