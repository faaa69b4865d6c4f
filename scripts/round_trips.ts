import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../src/datasets/conversion/account.js';
import { compareEpisodes } from '../src/datasets/conversion/compare_episodes.js';
import { compareHeads } from '../src/datasets/conversion/compare_heads.js';
import { type Conversion, convertDataset } from '../src/datasets/conversion/convert.js';
import { openDataset, WRITABLE_FORMATS } from '../src/datasets/registry.js';
import { wholeEpisode } from '../src/datasets/whole_episode.js';
import { UserError } from '../src/errors.js';

/** Real datasets of each format, that have together what it can hold, with the name of one that can be written. */
export const SOURCES: Readonly<Record<string, { output: string; paths: readonly string[] }>> = {
  maniskill: { output: 'made.h5', paths: ['test/fixtures/demos/pick_cube.h5'] },
  minari: {
    output: 'made-v0',
    paths: [
      'test/fixtures/minari/pendulum',
      'test/fixtures/minari/pendulum_arrow',
      'test/fixtures/minari/reach',
    ],
  },
  robomimic: {
    output: 'made.hdf5',
    paths: [
      'test/fixtures/robomimic/low_dim.hdf5',
      'test/fixtures/robomimic/image.hdf5',
      'test/fixtures/robomimic/low_dim_no_next_extra.hdf5',
    ],
  },
  lerobot: {
    output: 'made',
    paths: ['test/fixtures/lerobot/state_only', 'test/fixtures/lerobot/images', 'test/fixtures/lerobot/arm'],
  },
  d4rl: {
    output: 'made.hdf5',
    paths: [
      'test/fixtures/d4rl/cartpole_medium.hdf5',
      'test/fixtures/d4rl/hopper.hdf5',
      'test/fixtures/d4rl/chain_edges.hdf5',
    ],
  },
};

/** A dataset there and back: what the two conversions said, and what the comparison of both ends finds. */
export interface RoundTrip {
  there: Conversion;
  back: Conversion;
  found: Finding[];
}

/** Converts a dataset to another format, and that one back. A refusal is given as its message. */
export async function roundTrip(
  path: string,
  format: string,
  to: string,
  folder: string,
): Promise<RoundTrip | string> {
  mkdirSync(folder, { recursive: true });
  const [middle, end] = [
    join(folder, 'there', SOURCES[to].output),
    join(folder, 'back', SOURCES[format].output),
  ];
  try {
    const there = await convertDataset(path, WRITABLE_FORMATS.get(to)!, middle);
    const back = await convertDataset(middle, WRITABLE_FORMATS.get(format)!, end);
    return { there, back, found: await differences(path, end) };
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

async function differences(path: string, end: string): Promise<Finding[]> {
  const [before, after] = [await openDataset(path), await openDataset(end)];
  try {
    const found = compareHeads(before.head, after.head);
    for (const index of before.head.ids.keys()) {
      const [a, b] = [before, after].map(async (dataset) => wholeEpisode(await dataset.episode(index)));
      found.push(...compareEpisodes(await a, await b));
    }
    return found;
  } finally {
    before.close();
    after.close();
  }
}

/** Losses by their parts, each once. */
export function lossesOf(findings: readonly Pick<Finding, 'part' | 'fate' | 'how'>[]): string[] {
  const lost = findings.filter(({ fate }) => fate === 'lost');
  return [
    ...new Set(lost.map(({ part, how }) => (how === 'before the last step' ? `${part} ${how}` : part))),
  ];
}
