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
 * Replaces a file that several processes may want to replace at the same moment, on several machines too. `next` makes
 * the new content from the present one (null: there is none yet); each content is replaced by one process only. If `next`
 * throws, nothing is replaced. Never give the file a content that it had before.
 *
 * A process that is about to replace a content first makes a claim to it: a file, named after the content, that only one
 * process can make. The claim of a dead process is never taken away, since two might do so at once; the next number is
 * claimed instead. A process may make its claim after another has replaced the content that it read, so it reads the
 * content again.
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

/** Writes the content and removes the claims to the content before it, which are of no more use. */
async function follow(path: string, content: string): Promise<void> {
  const [folder, start] = [dirname(path), `.${basename(path)}.`];
  const spent = readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith('.claim'));
  await writeFileAtomic(path, content);
  for (const name of spent) rmSync(join(folder, name), { force: true });
}

/**
 * Makes the claim of this process to replace `current` and returns its path; null if another process may be about to
 * replace it.
 */
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
