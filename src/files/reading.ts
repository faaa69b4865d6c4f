import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { readError, systemCode } from './problems.js';

/** True if something exists at `path`. */
export async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** True if there is a file at `path` that can be seen. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The text of a file. Throws a UserError if it can't be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
}

/** The text of a file, or null if there is none. Throws a UserError if there is one that can't be read. */
export function readTextIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw readError(path, error);
  }
}

/**
 * The SHA-256 of a file in hexadecimal digits. `onBytes` is called with the number of bytes read so far. Throws a UserError
 * if it can't be read.
 */
export async function fileSha256(path: string, onBytes: (bytes: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      onBytes(bytes);
    }
  } catch (error) {
    throw readError(path, error);
  }
  return hash.digest('hex');
}
