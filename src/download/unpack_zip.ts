import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { UserError } from '../errors.js';
import { createFolderOf } from '../files/folders.js';
import { systemCode, writeError } from '../files/problems.js';
import { ArchiveError, checkedFiles } from './zip_contents.js';

/**
 * Unpacks a zip file into an empty folder and gives the paths of its files there. Throws an ArchiveError if it is
 * damaged or not fit to be unpacked, a UserError if the files can't be written, and the signal's reason once aborted.
 */
export async function unpackZip(zipPath: string, folder: string, signal: AbortSignal): Promise<string[]> {
  const zip = await openPromise(zipPath, { autoClose: false }).catch((error: Error) => {
    throw new ArchiveError(`${zipPath}: damaged, or not a zip file (${error.message})`, { cause: error });
  });
  try {
    const files = checkedFiles(await listEntries(zip, zipPath), { name: zipPath, size: zip.fileSize });
    for (const entry of files) await unpackFile(zip, entry, join(folder, entry.fileName), zipPath, signal);
    return files.map((entry) => entry.fileName);
  } finally {
    zip.close();
  }
}

async function listEntries(zip: ZipFile, zipPath: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      // What macOS adds to archives.
      if (!entry.fileName.startsWith('__MACOSX/')) entries.push(entry);
    }
  } catch (error) {
    const { message } = error as Error;
    throw new ArchiveError(`${zipPath}: not unpacked: ${message}`, { cause: error });
  }
  return entries;
}

async function unpackFile(
  zip: ZipFile,
  entry: Entry,
  path: string,
  zipPath: string,
  signal: AbortSignal,
): Promise<void> {
  let checksum = 0;
  async function* checked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  }
  try {
    createFolderOf(path);
    const content = await zip.openReadStreamPromise(entry);
    await pipeline(content, checked, createWriteStream(path, { flags: 'wx' }), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    if (systemCode(error) !== undefined) throw writeError(path, error);
    throw damaged(zipPath, entry, (error as Error).message);
  }
  if (checksum !== entry.crc32) throw damaged(zipPath, entry, 'wrong checksum');
}

function damaged(zipPath: string, entry: Entry, problem: string): ArchiveError {
  return new ArchiveError(`${zipPath}: "${entry.fileName}" is damaged (${problem})`);
}
