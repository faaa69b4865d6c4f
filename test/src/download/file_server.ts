import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, vi } from 'vitest';

export interface ServedFile {
  content: Buffer;
  headers?: Record<string, string>;
  /** False if parts can't be asked for (default true). */
  ranges?: boolean;
  /** False if the server doesn't tell the length of its answer (default true). */
  lengths?: boolean;
  /** Largest number of bytes that the server sends; then it leaves the connection open. */
  stallAfter?: number;
}

/** A failure of one answer: the connection breaks after some bytes of the body, or another answer is given. */
export type Fault =
  | { breakAfter: number }
  | { status: number; headers?: Record<string, string>; body?: string };

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A web server on this machine, that serves files and fails on demand. */
export class FileServer {
  readonly files = new Map<string, ServedFile>();
  /** Faults of the next answers that are files, each used once. */
  readonly faults: Fault[] = [];
  /** Answers to other addresses; undefined for those it does not know. */
  answer: (asked: Asked) => { status: number; headers?: Record<string, string>; body?: string } | undefined =
    () => undefined;
  readonly asked: Asked[] = [];

  /**
   * The file that the client writes. A connection is broken when what was sent is in there: the client throws away what
   * it has not yet looked at.
   */
  part = '';

  private constructor(private readonly server: Server) {}

  /** Starts a server that runs until the tests of the calling file are over. */
  static async start(): Promise<FileServer> {
    const server = createServer((request, response) => void files.handle(request, response));
    const files = new FileServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterAll(() => files.stop());
    return files;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The bytes that each request for `path` asked for: `bytes=100-`, or undefined for the whole file. */
  rangesAsked(path: string): (string | undefined)[] {
    return this.asked.filter((asked) => asked.path === path).map(({ headers }) => headers.range);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = { method: request.method!, path: request.url!, headers: request.headers, body };
    this.asked.push(asked);
    const file = this.files.get(asked.path);
    if (file) return this.serve(file, asked, response);
    const { status, headers, body: text } = this.answer(asked) ?? { status: 404 };
    response.writeHead(status, headers).end(text);
  }

  private async hasArrived(bytes: number): Promise<void> {
    await vi.waitUntil(async () => ((await stat(this.part).catch(() => null))?.size ?? 0) >= bytes, {
      timeout: 10_000,
      interval: 2,
    });
  }

  private serve(file: ServedFile, asked: Asked, response: ServerResponse): void {
    const fault = this.faults.shift();
    if (fault && 'status' in fault) {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const { content } = file;
    const { status, headers, body } = answerTo(file, asked);
    response.writeHead(status, { ...headers, ...file.headers });
    if (fault) {
      const sent = body.subarray(0, fault.breakAfter);
      response.write(sent);
      void this.hasArrived(content.length - body.length + sent.length).then(() => response.socket?.destroy());
    } else if (file.stallAfter !== undefined) response.write(body.subarray(0, file.stallAfter));
    else response.end(body);
  }
}

function answerTo(
  { content, headers = {}, ranges = true, lengths = true }: ServedFile,
  { headers: wanted }: Asked,
): { status: number; headers: Record<string, string>; body: Buffer } {
  const start = Number(/^bytes=(\d+)-$/.exec(wanted.range ?? '')?.[1] ?? 0);
  const condition = wanted['if-range'];
  const sized = (length: number): Record<string, string> =>
    lengths ? { 'content-length': `${length}` } : {};
  const unchanged = condition === undefined || condition === headers.etag;
  if (!ranges || wanted.range === undefined || !unchanged) {
    return { status: 200, headers: sized(content.length), body: content };
  }
  const total = content.length;
  if (start >= total) {
    return { status: 416, headers: { 'content-range': `bytes */${total}` }, body: Buffer.alloc(0) };
  }
  const body = content.subarray(start);
  return {
    status: 206,
    headers: { ...sized(body.length), 'content-range': `bytes ${start}-${total - 1}/${total}` },
    body,
  };
}
