import { UserError } from '../errors.js';
import { connectionError, HttpStatusError, request } from './http.js';
import type { DownloadSource, PartState } from './part_file.js';

/** Part of a file that a server sends. */
export interface RangeAnswer {
  /** The position in the file where the body starts: behind the part, or 0 if the part can't be continued. */
  start: number;
  /** The size of the whole file; null if neither the server nor the source says. */
  total: number | null;
  /**
   * The mark that tells this state of the file from later ones, for the header If-Range; null if the server gives none.
   */
  validator: string | null;
  /** The bytes from `start` on. Throws like `request` if the connection breaks. */
  body: AsyncIterable<Uint8Array>;
}

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/**
 * Asks for the missing bytes of a file, or for all of them if there is no part. The part's validator goes along, so
 * that a file that has changed since comes whole (RFC 9110, section 13.1.5). Throws like `request`, and a UserError on
 * answers that can't be the file.
 */
export async function requestRest(
  source: DownloadSource,
  part: PartState | null,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  let response: Response;
  try {
    response = await request(source.url, { headers: headersFor(source, part), signal });
  } catch (error) {
    if (part === null || !(error instanceof HttpStatusError)) throw error;
    if (error.status !== RANGE_NOT_SATISFIABLE) throw error;
    return requestRest(source, null, signal);
  }
  const expectedStart = part?.received ?? 0;
  const { start, total } = placeInFile(response);
  if (start !== 0 && start !== expectedStart) {
    await response.body?.cancel();
    if (part !== null) return requestRest(source, null, signal);
    throw new UserError(`${source.url}: the server sends a part of the file that nobody asked for`);
  }
  const problem = contentProblem(source, response, total);
  if (problem !== null) {
    await response.body?.cancel();
    throw new UserError(`${source.url} ${problem}`);
  }
  return {
    start,
    total: total ?? source.size,
    validator: validatorOf(response.headers),
    body: bodyOf(response, signal),
  };
}

function headersFor(source: DownloadSource, part: PartState | null): Record<string, string> {
  // A compressed answer would have the sizes and ranges of another file.
  const headers: Record<string, string> = { ...source.headers, 'accept-encoding': 'identity' };
  if (part === null) return headers;
  headers.range = `bytes=${part.received}-`;
  const { url, validator } = part.record;
  if (validator !== null && url === source.url) headers['if-range'] = validator;
  return headers;
}

/** The position of an answer's body, and the size of the whole file. The start is NaN if the answer doesn't say. */
function placeInFile({ status, headers }: Response): { start: number; total: number | null } {
  if (status !== PARTIAL_CONTENT) {
    const length = headers.get('content-length');
    return { start: 0, total: length === null || headers.has('content-encoding') ? null : Number(length) };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (range === null) return { start: Number.NaN, total: null };
  return { start: Number(range[1]), total: range[2] === '*' ? null : Number(range[2]) };
}

function contentProblem(source: DownloadSource, { headers }: Response, total: number | null): string | null {
  if (headers.get('content-type')?.startsWith('text/html')) {
    return 'is a web page, not a file; on a hub, the address of a file has /resolve/ in it, not /blob/';
  }
  if (source.size !== null && total !== null && total !== source.size) {
    return `has ${total} bytes, it should have ${source.size}`;
  }
  return null;
}

/** The validator of an answer, but for weak ETags: files that share one may differ in some bytes. */
function validatorOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag !== null && !etag.startsWith('W/') ? etag : headers.get('last-modified');
}

async function* bodyOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    if (response.body) yield* response.body;
  } catch (error) {
    signal.throwIfAborted();
    // After redirects, this is another host than the one that was asked.
    throw connectionError(response.url, error);
  }
}
