import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { DownloadSource } from '../../../src/download/part_file.js';
import { type Downloaded, download } from '../../../src/download/resumable.js';
import { folderOfTests } from '../../temporary_folder.js';
import { FileServer } from './file_server.js';

const waits = vi.hoisted((): number[] => []);
vi.mock('node:timers/promises', () => ({
  setTimeout: async (milliseconds: number, _value: undefined, { signal }: { signal: AbortSignal }) => {
    waits.push(milliseconds);
    signal.throwIfAborted();
  },
}));

const SIZE = 300_000;
const content = randomBytes(SIZE);
const later = randomBytes(SIZE);
const folder = folderOfTests();
const server = await FileServer.start();
const mirror = await FileServer.start();

let part: string;
let notes: string[];
let shown: [received: number, total: number | null][];
beforeEach(() => {
  part = join(folder, `${expect.getState().currentTestName}`.replaceAll(/\W/g, '_'));
  server.part = part;
  mirror.part = part;
  notes = [];
  shown = [];
  waits.length = 0;
  server.asked.length = 0;
  server.faults.length = 0;
  server.files.clear();
  server.files.set('/demos.zip', { content, headers: { etag: '"first"' } });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

interface Run {
  signal?: AbortSignal;
  onNote?: () => void;
}

function get(
  given: Partial<DownloadSource> = {},
  { signal = new AbortController().signal, onNote = () => {} }: Run = {},
): Promise<Downloaded> {
  const source = { url: `${server.origin}/demos.zip`, headers: {}, sha256: null, size: null, ...given };
  const display = {
    note: (text: string) => {
      notes.push(text);
      onNote();
    },
    start: (_label: string, received: number, total: number | null) => void shown.push([received, total]),
    update() {},
    stop() {},
  };
  return download(source, part, { label: 'demos', signal, display });
}

/** Leaves the first bytes of `/demos.zip` on the disk, as Ctrl-C after a broken connection does. */
async function leavePart(bytes: number, given: Partial<DownloadSource> = {}): Promise<void> {
  const stop = new AbortController();
  server.faults.push({ breakAfter: bytes });
  await expect(get(given, { signal: stop.signal, onNote: () => stop.abort() })).rejects.toThrow(/abort/);
  expect((await readFile(part)).length).toBe(bytes);
  server.asked.length = 0;
  notes.length = 0;
  shown.length = 0;
}

async function leftovers(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => join(folder, name).startsWith(part));
}

test('a file arrives whole, in one request', async () => {
  const got = await get();
  expect(got).toEqual({ path: part, size: SIZE, sha256: sha256(content) });
  expect(await readFile(part)).toEqual(content);
  expect(server.rangesAsked('/demos.zip')).toEqual([undefined]);
  expect(shown).toEqual([[0, SIZE]]);
});

describe('a broken connection', () => {
  test('is made again, for the rest only', async () => {
    server.faults.push({ breakAfter: 100_000 }, { breakAfter: 50_000 });
    expect((await get()).sha256).toBe(sha256(content));
    expect(server.rangesAsked('/demos.zip')).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
    expect(server.asked[1].headers['if-range']).toBe('"first"');
    // Every try got further, so the waits don't grow.
    expect(waits).toEqual([1000, 1000]);
    expect(notes).toContain('going on after 100 kB');
    expect(notes[0]).toMatch(/the connection to 127\.0\.0\.1:\d+ was lost; trying again in 1\.0 s/);
  });

  test('is given up after five tries without progress', async () => {
    server.files.get('/demos.zip')!.ranges = false;
    for (let i = 0; i < 6; i++) server.faults.push({ breakAfter: 1000 });
    await expect(get()).rejects.toThrow(/was lost; gave up after 5 tries/);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  test('of an answer without a length is noticed', async () => {
    server.files.get('/demos.zip')!.lengths = false;
    server.faults.push({ breakAfter: 100_000 });
    expect((await get()).sha256).toBe(sha256(content));
    expect(server.rangesAsked('/demos.zip')).toEqual([undefined, 'bytes=100000-']);
    expect(shown).toEqual([
      [0, null],
      [100_000, SIZE],
    ]);
  });
});

describe('what an earlier run left', () => {
  test('is continued', async () => {
    await leavePart(120_000);
    expect((await get()).sha256).toBe(sha256(content));
    expect(server.rangesAsked('/demos.zip')).toEqual(['bytes=120000-']);
    expect(shown).toEqual([[120_000, SIZE]]);
  });

  test('is replaced when the file has changed meanwhile', async () => {
    await leavePart(120_000);
    server.files.set('/demos.zip', { content: later, headers: { etag: '"second"' } });
    expect((await get()).sha256).toBe(sha256(later));
    expect(server.rangesAsked('/demos.zip')).toEqual(['bytes=120000-']);
    expect(notes[0]).toContain('starting anew');
  });

  test('is replaced when the server ignores ranges', async () => {
    await leavePart(120_000);
    server.files.get('/demos.zip')!.ranges = false;
    expect((await get()).sha256).toBe(sha256(content));
    expect(server.asked.length).toBe(1);
  });

  test('is replaced when the file has become shorter', async () => {
    await leavePart(120_000);
    const short = content.subarray(0, 1000);
    server.files.set('/demos.zip', { content: short, headers: { etag: '"first"' } });
    expect((await get()).sha256).toBe(sha256(short));
    expect(server.rangesAsked('/demos.zip')).toEqual(['bytes=120000-', undefined]);
  });

  test('is replaced when the server sends another range', async () => {
    await leavePart(120_000);
    server.faults.push({ status: 206, headers: { 'content-range': `bytes 7-299999/${SIZE}` } });
    expect((await get()).sha256).toBe(sha256(content));
  });

  test('is not continued with another file', async () => {
    await leavePart(120_000);
    server.files.set('/other.zip', { content: later });
    expect((await get({ url: `${server.origin}/other.zip` })).sha256).toBe(sha256(later));
    expect(server.rangesAsked('/other.zip')).toEqual([undefined]);
  });

  test('is continued at another address that has the same content', async () => {
    await leavePart(120_000, { sha256: sha256(content) });
    mirror.files.set('/copy.zip', { content, headers: { etag: '"of the mirror"' } });
    await get({ url: `${mirror.origin}/copy.zip`, sha256: sha256(content) });
    expect(mirror.rangesAsked('/copy.zip')).toEqual(['bytes=120000-']);
    expect(mirror.asked[0].headers['if-range']).toBeUndefined();
  });

  test('is not asked for again when it is whole', async () => {
    await get();
    server.asked.length = 0;
    expect((await get()).sha256).toBe(sha256(content));
    expect(server.asked).toEqual([]);
  });

  test('is replaced if nobody knows of what it is', async () => {
    await writeFile(part, 'from somewhere');
    expect((await get()).sha256).toBe(sha256(content));
  });
});

describe('a refusal', () => {
  test.each([
    [404, /demos\.zip: the server answers 404 Not Found/],
    [403, /403 Forbidden/],
  ])('%i is not asked again', async (status, message) => {
    server.faults.push({ status });
    await expect(get()).rejects.toThrow(message);
    expect(server.asked.length).toBe(1);
    expect(await leftovers()).toEqual([]);
  });

  test('500 is asked again', async () => {
    server.faults.push({ status: 500 }, { status: 502 });
    expect((await get()).sha256).toBe(sha256(content));
    expect(waits).toEqual([1000, 2000]);
  });

  test('503 is given up at last', async () => {
    for (let i = 0; i < 6; i++) server.faults.push({ status: 503 });
    await expect(get()).rejects.toThrow(/answers 503 Service Unavailable; gave up after 5 tries/);
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  test('429 is asked again when the server says', async () => {
    const soon = new Date(Date.now() + 90_000).toUTCString();
    server.faults.push({ status: 429, headers: { 'retry-after': '7' } });
    server.faults.push({ status: 429, headers: { 'retry-after': soon } });
    await get();
    expect(waits[0]).toBe(7000);
    expect(Math.abs(waits[1] - 90_000)).toBeLessThan(5000);
  });

  test('a long wait is left to the user', async () => {
    server.faults.push({ status: 429, headers: { 'retry-after': '3600' } });
    await expect(get()).rejects.toThrow(/answers 429 Too Many Requests and asks to come back in 1 h/);
  });

  test('no connection names the host', async () => {
    const gone = await FileServer.start();
    const { host } = new URL(gone.origin);
    const url = `${gone.origin}/demos.zip`;
    gone.stop();
    await expect(get({ url })).rejects.toThrow(`${host} refuses the connection; gave up after 5 tries`);
    await expect(get({ url: 'http://no-such-host.invalid/x' })).rejects.toThrow('no-such-host.invalid');
  });
});

describe('content that is not what it should be', () => {
  test('is deleted when the checksum is another', async () => {
    const url = `${server.origin}/demos.zip`;
    await expect(get({ sha256: sha256(later) })).rejects.toThrow(
      `${url}: what arrived is damaged or another file: its sha256 is ${sha256(content)}, it should be ${sha256(later)}`,
    );
    expect(await leftovers()).toEqual([]);
    server.files.set('/demos.zip', { content: later });
    expect((await get({ sha256: sha256(later) })).size).toBe(SIZE);
  });

  test('is refused when the size is another', async () => {
    await expect(get({ size: 17 })).rejects.toThrow('has 300000 bytes, it should have 17');
  });

  test('is cut off when there is more than there should be', async () => {
    server.files.get('/demos.zip')!.lengths = false;
    await expect(get({ size: 1000 })).rejects.toThrow('more than the announced 1000 bytes arrived');
  });

  test('is refused when it is a web page', async () => {
    server.files.get('/demos.zip')!.headers = { 'content-type': 'text/html; charset=utf-8' };
    await expect(get()).rejects.toThrow('is a web page, not a file');
    expect(await leftovers()).toEqual([]);
  });
});

test('a stop amid the transfer keeps what has arrived', async () => {
  const stop = new AbortController();
  server.files.get('/demos.zip')!.stallAfter = 100_000;
  const stopped = get({}, { signal: stop.signal });
  await vi.waitFor(async () => expect((await readFile(part)).length).toBe(100_000), 10_000);
  stop.abort();
  await expect(stopped).rejects.toThrow(/abort/);
  delete server.files.get('/demos.zip')!.stallAfter;
  expect((await get()).sha256).toBe(sha256(content));
  expect(server.rangesAsked('/demos.zip')).toEqual([undefined, 'bytes=100000-']);
});

test('a redirect is followed, without the token when it leads to another host', async () => {
  server.answer = ({ path }) =>
    path === '/resolve' ? { status: 302, headers: { location: `${mirror.origin}/blob` } } : undefined;
  mirror.files.set('/blob', { content, headers: { etag: '"blob"' } });
  mirror.faults.push({ breakAfter: 1000 });
  mirror.asked.length = 0;
  await get({ url: `${server.origin}/resolve`, headers: { authorization: 'Bearer hf_secret' } });
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer hf_secret'));
  expect(mirror.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  expect(mirror.rangesAsked('/blob')).toEqual([undefined, 'bytes=1000-']);
  expect(notes[0]).toContain(`the connection to ${new URL(mirror.origin).host} was lost`);
});

test('a full disk is named, and what has arrived stays', async () => {
  await leavePart(120_000);
  const file = await open(part);
  const { appendFile } = Object.getPrototypeOf(file) as { appendFile: unknown };
  await file.close();
  expect(appendFile).toBeTypeOf('function');
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const spy = vi.spyOn(Object.getPrototypeOf(file), 'appendFile').mockRejectedValueOnce(full);
  await expect(get()).rejects.toThrow(`can't write ${part}: no space left on the disk`);
  spy.mockRestore();
  expect((await readFile(part)).length).toBe(120_000);
  expect((await get()).sha256).toBe(sha256(content));
});
