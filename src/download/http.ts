import { UserError } from '../errors.js';
import { packageFacts } from '../version.js';

/** A failure that may pass in a moment: a lost connection, an overloaded server. */
export class TransientError extends Error {
  override readonly name = 'TransientError';

  /** `retryAfterSeconds` is the wait that the server asked for. */
  constructor(
    message: string,
    readonly retryAfterSeconds: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A server's refusal that asking again will not change. */
export class HttpStatusError extends UserError {
  constructor(
    url: string,
    readonly status: number,
    statusText: string,
  ) {
    super(`${url}: the server answers ${status} ${statusText}`.trim());
  }
}

const REQUEST_TIMEOUT = 408;
const TOO_MANY_REQUESTS = 429;
const FIRST_SERVER_ERROR = 500;

/** True if `text` is an http or https address. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * One HTTP request, redirects followed; resolves with a response of status 200 to 299. `authorization` headers are not
 * passed on to another host (fetch standard, "HTTP-redirect fetch"). Throws a TransientError for what may pass, an
 * HttpStatusError for other refusals, a UserError if there is no way to ask, and the signal's reason once aborted.
 */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  // Some mirrors refuse clients that don't say who they are.
  headers.set('user-agent', `rlpd/${packageFacts().version}`);
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers });
  } catch (error) {
    init.signal?.throwIfAborted();
    throw connectionError(url, error);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  const { status, statusText } = response;
  if (status === REQUEST_TIMEOUT || status === TOO_MANY_REQUESTS || status >= FIRST_SERVER_ERROR) {
    const seconds = retryAfter(response.headers.get('retry-after'));
    throw new TransientError(`${new URL(url).host} answers ${status} ${statusText}`.trim(), seconds);
  }
  throw new HttpStatusError(url, status, statusText);
}

/** Error to throw when a connection could not be made or broke. */
export function connectionError(url: string, error: unknown): Error {
  const { host } = new URL(url);
  const { code, message } = rootCause(error);
  const transient = (text: string) => new TransientError(text, null, { cause: error });
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return transient(`can't find the host ${host}: no network, or a mistyped address`);
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EHOSTUNREACH':
      return transient(`no network on the way to ${host}`);
    case 'ECONNREFUSED':
      return transient(`${host} refuses the connection`);
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return transient(`${host} does not answer`);
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return transient(`the connection to ${host} was lost`);
    default:
      return new UserError(`can't fetch from ${host}: ${message}`, { cause: error });
  }
}

/** The system's error, which fetch hides in the cause of its own "fetch failed". */
function rootCause(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) };
  if (error.cause instanceof Error) return rootCause(error.cause);
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    message: error.message,
  };
}

/** The header `Retry-After`, seconds or a date (RFC 9110, section 10.2.3), in seconds from now. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
