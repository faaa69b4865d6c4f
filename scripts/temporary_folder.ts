import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../src/errors.js';

/** A new folder for what is not to be kept. Throws a UserError if there can be none. */
export function newTemporaryFolder(purpose: string): string {
  const folder = tmpdir();
  try {
    return mkdtempSync(join(folder, `rlpd-${purpose}-`));
  } catch (cause) {
    throw new UserError(`can't write to ${folder}: set the environment variable TMPDIR to a folder`, {
      cause,
    });
  }
}
