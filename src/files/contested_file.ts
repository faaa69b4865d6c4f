import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.js';
import { parseJson } from '../json.js';
import { identitySchema, mayStillRun, thisProcess } from '../process_identity.js';
import { writeFileAtomic } from './atomic.js';
import { systemCode, writeError } from './problems.js';
import { readTextIfThere } from './reading.js';

const PATIENCE_MS = 10_000;
const RETRY_MS = 50;

/**
 * Replaces a file that other processes may want to replace at the same moment, on other machines too, by what `next` makes
 * of its content (null: there is none yet): each content is followed by what one of them has made of it. What `next`
 * throws is thrown, and nothing is replaced. Never give the file a content that it had before.
 *
 * Who is about to follow a content makes a claim to it, a file with a name of the content that only one can make. A claim
 * of a dead process is never taken away, which two might do at once, but followed by the next number. Whoever looked at the
 * content before another has replaced it may come to make a claim afterwards: so it is looked at again.
 */
export async function replaceContested(
  path: string,
  next: (current: string | null) => string,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const current = readTextIfThere(path);
    const content = next(current);
    const claim = makeClaim(path, current);
    if (claim !== null) {
      try {
        if (readTextIfThere(path) === current) return await follow(path, content);
      } finally {
        rmSync(claim, { force: true });
      }
    }
    if (Date.now() > deadline) throw new UserError(`can't write ${path}: another process is about to`);
    await sleep(RETRY_MS);
  }
}

/** Writes the content and removes the claims to what was before it, which are of no more use. */
async function follow(path: string, content: string): Promise<void> {
  const [folder, start] = [dirname(path), `.${basename(path)}.`];
  const spent = readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith('.claim'));
  await writeFileAtomic(path, content);
  for (const name of spent) rmSync(join(folder, name), { force: true });
}

/** The claim of this process to the content that follows `current`; null if another may be about to follow it. */
function makeClaim(path: string, current: string | null): string | null {
  const digest = createHash('sha256').update(JSON.stringify(current)).digest('hex').slice(0, 16);
  for (let number = 0; ; number++) {
    const claim = join(dirname(path), `.${basename(path)}.${digest}-${number}.claim`);
    try {
      writeFileSync(claim, JSON.stringify(thisProcess()), { flag: 'wx' });
      return claim;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw writeError(path, error);
    }
    if (mayBeFollowed(claim)) return null;
  }
}

function mayBeFollowed(claim: string): boolean {
  const text = readTextIfThere(claim);
  const made = statSync(claim, { throwIfNoEntry: false })?.mtimeMs;
  // It was followed just now.
  if (text === null || made === undefined) return true;
  const owner = identitySchema.safeParse(parseJson(text));
  // Its maker has not come to write into it: of such a moment nothing is known but when it was.
  return mayStillRun(owner.data ?? UNKNOWN, made);
}

const UNKNOWN = identitySchema.parse({ pid: 1, host: '' });
