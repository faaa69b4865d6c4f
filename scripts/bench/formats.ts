import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { openDataset, verifyDataset } from '../../src/datasets/registry.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import { median } from '../../src/median.js';
import { positiveInteger } from './arguments.js';
import { type Comparison, formatTime, medianRatio } from './comparison.js';
import { convertTo, pathOf, TIMED_FORMATS, writeAs } from './formats/files.js';
import { folderBytes } from './formats/folder_bytes.js';
import { EPISODE_STEPS, madeDataset } from './formats/made_dataset.js';
import { FORMATS_PEER } from './peers/programs.js';
import { type PythonPeer, startPeer } from './peers/python_peer.js';

/** Milliseconds of each round. */
interface Times {
  reading: number[];
  verifying: number[];
  /** Empty without the peer, or where it lacks the format's package. */
  peer: number[];
}

/**
 * Prints how long a dataset of Hopper's sizes takes to be read in each format, episode by episode, beside the reader that the
 * format's own project has; to be verified; and to be converted from each format to each.
 *
 * @param args `--steps n` (200,000), `--rounds n` (3), `--peer`: beside the packages of Python
 */
export async function benchFormats(args: string[]): Promise<Comparison[]> {
  const options = {
    steps: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    peer: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const episodes = Math.ceil(positiveInteger('steps', values.steps) / EPISODE_STEPS);
  const rounds = positiveInteger('rounds', values.rounds);
  const peer = values.peer ? await startPeer(FORMATS_PEER, []) : null;
  const folder = createTemporaryFolder('bench');
  try {
    console.log(`${(episodes * EPISODE_STEPS).toLocaleString('en-US')} steps in ${episodes} episodes`);
    const made = madeDataset(episodes);
    for (const format of TIMED_FORMATS) {
      mkdirSync(dirname(pathOf(folder, format)), { recursive: true });
      await writeAs(made, format, folder);
    }
    const times = await race(folder, rounds, peer);
    console.log(readingTable(folder, times, peer !== null));
    console.log(`converting, seconds, with every episode read again\n${await conversionTable(folder)}`);
    return TIMED_FORMATS.flatMap((format) => compare(format, times.get(format)!));
  } finally {
    peer?.close();
    removeFolder(folder);
  }
}

/** Times each format in turn, round after round. */
async function race(folder: string, rounds: number, peer: PythonPeer | null): Promise<Map<string, Times>> {
  const times = new Map(
    TIMED_FORMATS.map((format): [string, Times] => [format, { reading: [], verifying: [], peer: [] }]),
  );
  // The first round warms caches and compilers.
  for (let round = 0; round <= rounds; round++) {
    for (const [format, { reading, verifying, peer: others }] of times) {
      const path = pathOf(folder, format);
      const read = await milliseconds(() => readAll(path));
      const verified = await milliseconds(() => verifyDataset(path));
      const other = peer ? await peer.milliseconds({ format, path }) : null;
      if (round === 0) continue;
      reading.push(read);
      verifying.push(verified);
      if (other !== null) others.push(other);
    }
  }
  return times;
}

async function readAll(path: string): Promise<void> {
  const dataset = await openDataset(path);
  for await (const _ of dataset.episodes());
  dataset.close();
}

function readingTable(folder: string, times: ReadonlyMap<string, Times>, withPeer: boolean): string {
  const head = [
    'format',
    'MB',
    'read',
    'verified',
    'MB/s',
    ...(withPeer ? ["its own project's", 'ratio'] : []),
  ];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
  });
  for (const [format, { reading, verifying, peer }] of times) {
    const megabytes = folderBytes(dirname(pathOf(folder, format))) / 1e6;
    const rate = (1000 * megabytes) / median(verifying);
    const beside =
      peer.length > 0 ? [formatTime(median(peer)), medianRatio(reading, peer).toFixed(2)] : ['–', '–'];
    table.push([
      format,
      megabytes.toFixed(1),
      formatTime(median(reading)),
      formatTime(median(verifying)),
      rate.toFixed(0),
      ...(withPeer ? beside : []),
    ]);
  }
  return table.toString();
}

async function conversionTable(folder: string): Promise<string> {
  const table = new Table({
    head: ['from', ...TIMED_FORMATS.map((format) => `to ${format}`)],
    style: { head: [], border: [] },
    colAligns: ['left', ...TIMED_FORMATS.map(() => 'right' as const)],
  });
  for (const from of TIMED_FORMATS) {
    const row: string[] = [];
    for (const to of TIMED_FORMATS) {
      const place = join(folder, 'converted');
      mkdirSync(dirname(pathOf(place, to)), { recursive: true });
      row.push(((await milliseconds(() => convertTo(pathOf(folder, from), to, place))) / 1000).toFixed(2));
      removeFolder(place);
    }
    table.push([from, ...row]);
  }
  return table.toString();
}

function compare(format: string, { reading, peer }: Times): Comparison[] {
  if (peer.length === 0) return [];
  return [
    {
      name: `reading ${format}`,
      milliseconds: median(reading),
      other: "its own project's reader",
      otherMilliseconds: median(peer),
      ratio: medianRatio(reading, peer),
    },
  ];
}

async function milliseconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
