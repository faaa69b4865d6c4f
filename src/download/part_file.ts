import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { removeFile, writeFileAtomic } from '../files/atomic.js';

/** A file that is to be fetched, with the facts that are known of it. */
export interface DownloadSource {
  url: string;
  /** Sent to the url's own host only. */
  headers: Record<string, string>;
  /** The file's SHA-256 in hexadecimal digits; null if it is not known. */
  sha256: string | null;
  size: number | null;
}

const recordSchema = z.object({
  url: z.string(),
  sha256: z.string().nullable(),
  // An ETag or a date, for the header If-Range.
  validator: z.string().nullable(),
  size: z.number().nullable(),
});

/** Identity of the file that a part belongs to. */
export type PartRecord = z.infer<typeof recordSchema>;

/** The state of a part on the disk: the number of bytes, and the file that they belong to. */
export interface PartState {
  received: number;
  record: PartRecord;
}

/**
 * The name of the part of `<target>.<extension>` that has arrived: the same in every run, so that the next one finds
 * it.
 */
export function partPath(target: string, extension: 'zip' | 'h5' | 'json'): string {
  return `${target}.${extension}.part`;
}

/** The part at `path`, if it can be continued with what `source` offers; else null. */
export async function continuablePart(path: string, source: DownloadSource): Promise<PartState | null> {
  const record = await readRecord(path);
  const found = await stat(path).catch(() => null);
  if (record === null || found === null || found.size === 0) return null;
  if (record.size !== null && found.size > record.size) return null;
  return isSameFile(record, source) ? { received: found.size, record } : null;
}

/** Records which file the part at `path` belongs to. Throws a UserError if that can't be written. */
export async function writeRecord(path: string, record: PartRecord): Promise<void> {
  await writeFileAtomic(recordPath(path), `${JSON.stringify(record, null, 2)}\n`);
}

/** Removes a part and its record. */
export async function discardPart(path: string): Promise<void> {
  for (const file of [path, recordPath(path)]) await removeFile(file);
}

function isSameFile(record: PartRecord, source: DownloadSource): boolean {
  if (record.sha256 !== null && source.sha256 !== null) return record.sha256 === source.sha256;
  return record.url === source.url && record.validator !== null;
}

async function readRecord(path: string): Promise<PartRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(path), 'utf8')));
  } catch {
    return null;
  }
}

function recordPath(path: string): string {
  return `${path}.json`;
}
