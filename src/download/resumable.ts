import { type FileHandle, open } from 'node:fs/promises';
import { byteSize } from '../byte_size.js';
import { UserError } from '../errors.js';
import { writeError } from '../files/problems.js';
import { fileSha256 } from '../files/reading.js';
import { TransientError } from './http.js';
import { continuablePart, type DownloadSource, discardPart, writeRecord } from './part_file.js';
import { type RangeAnswer, requestRest } from './range_request.js';
import { withRetries } from './retries.js';
import type { TransferDisplay } from './transfer_display.js';

export interface DownloadOptions {
  /** Name of the progress line. */
  label: string;
  /** Aborting it throws its reason; the bytes that have arrived are kept. */
  signal: AbortSignal;
  display: TransferDisplay;
}

/** A file that arrived whole. */
export interface Downloaded {
  path: string;
  size: number;
  sha256: string;
}

/**
 * Fetches `source` into the file `path`, continuing what an earlier call left there. Bytes of another file, or of an
 * earlier state of this one, are replaced. Throws a UserError if the server refuses, if the content is not what the
 * source promised (then nothing is kept), or if it can't be written (then what arrived is kept).
 */
export async function download(
  source: DownloadSource,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  const { signal, display } = options;
  let size: number;
  try {
    let reached = 0;
    const onReceived = (received: number) => {
      reached = received;
      display.update(received);
    };
    size = await withRetries(() => receive(source, path, options, onReceived), {
      signal,
      note: (text) => display.note(text),
      reached: () => reached,
    });
  } finally {
    display.stop();
  }
  const sha256 = await fileSha256(path);
  if (source.sha256 !== null && sha256 !== source.sha256) {
    await discardPart(path);
    throw new UserError(
      `${source.url}: what arrived is damaged or another file: its sha256 is ${sha256}, it should be ` +
        `${source.sha256}; it was deleted, the same command fetches it anew`,
    );
  }
  return { path, size, sha256 };
}

/** Fetches the missing bytes over one connection and returns the size of the file. Throws like `requestRest`. */
async function receive(
  source: DownloadSource,
  path: string,
  { label, signal, display }: DownloadOptions,
  onReceived: (received: number) => void,
): Promise<number> {
  const part = await continuablePart(path, source);
  if (part !== null && part.received === part.record.size) return part.received;
  const answer = await requestRest(source, part, signal);
  const { start, total, validator } = answer;
  if (start > 0) {
    display.note(`going on after ${byteSize(start)}`);
  } else {
    const { url, sha256 } = source;
    if (part !== null) {
      display.note(`starting anew: the file has changed, or ${new URL(url).host} can't continue a transfer`);
    }
    await discardPart(path);
    await writeRecord(path, { url, sha256, validator, size: total });
  }
  display.start(label, start, total);
  const received = await appendBody(answer, path, onReceived);
  if (total !== null && received < total) {
    throw new TransientError(`the answer of ${new URL(source.url).host} ended early`);
  }
  if (total !== null && received > total) {
    throw new UserError(`${source.url}: more than the announced ${total} bytes arrived`);
  }
  return received;
}

/**
 * Appends the body to the file. Returns the number of bytes that the file then has: not much more than it should have.
 */
async function appendBody(
  { start, total, body }: RangeAnswer,
  path: string,
  onReceived: (received: number) => void,
): Promise<number> {
  const file = await open(path, 'a').catch((error) => {
    throw writeError(path, error);
  });
  let received = start;
  try {
    for await (const chunk of body) {
      await append(file, chunk, path);
      received += chunk.length;
      onReceived(received);
      if (total !== null && received > total) break;
    }
  } finally {
    await file.close();
  }
  return received;
}

async function append(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    await file.appendFile(bytes);
  } catch (error) {
    throw writeError(path, error);
  }
}
