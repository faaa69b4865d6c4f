import { open, rename, rm, writeFile } from 'node:fs/promises';
import { writeError } from './problems.js';
import { temporaryPath } from './temporary_names.js';

/**
 * Writes a whole file or nothing: under a temporary name, flushed to the disk, then renamed. After a crash, a full disk
 * or Ctrl-C, the file is as it was before. Throws a UserError naming the file if it can't be written.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, 'w');
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // What went wrong first is what the user has to know.
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(path, error);
  }
}

/** Removes a file, if it is there. Throws a UserError naming it if it can't be removed. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw writeError(path, error);
  });
}
