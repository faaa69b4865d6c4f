import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DemoOptions } from '../../../src/buffers/demo_buffer.js';
import { loadFromPath } from '../../../src/training/dataset/load_from_path.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { OF_PICK_CUBE } from './demo_options.js';

const OPTIONS = { ...OF_PICK_CUBE, seed: 1 };

const CASES: [name: string, change: Partial<DemoOptions> & { path?: string }, digest: string][] = [
  ['all of a file', {}, '56c0b937b7bf41aa5fcf6dbc773e4bbd'],
  ['failures', { path: demoFixture('pick_cube_failures') }, '02232fe22d08ee954e0ee0cfc60f8707'],
  [
    'successes only',
    { path: demoFixture('pick_cube_failures'), skipFailed: true },
    '9a41ed73a822be243ed39ae39810cb77',
  ],
  ['two, drawn', { numDemos: 2, shuffle: true }, '6a7d078cf3f5b82674754b5eead06302'],
  ['dense rewards', { rewardMode: 'normalized_dense' }, '15bb2cd933d74ec65d9023503a4b7a36'],
  ['no rewards', { rewardMode: 'none' }, '2bfde5833962969ce0f4616afbdacc71'],
  ['stretched actions', { dataActionScale: 1.25 }, 'c4dfcc5b7deacf67a96c46638900c43a'],
  ['no task', { task: null }, '56c0b937b7bf41aa5fcf6dbc773e4bbd'],
];

test.each(CASES)(
  'the buffer of ManiSkill demonstrations is the same, bit for bit: %s',
  async (_, change, digest) => {
    const { buffer, summary } = await load({ ...OPTIONS, ...change });
    const hash = createHash('sha256');
    for (const chunk of buffer.getState().chunks) {
      for (const column of [
        chunk.observations,
        chunk.actions,
        chunk.rewards,
        chunk.nextObservations,
        chunk.endings,
      ])
        hash.update(column);
    }
    for (const column of [summary.observationMean, summary.observationStd]) hash.update(column);
    expect(hash.digest('hex').slice(0, 32)).toBe(digest);
  },
);

/** Loads the fixture `pick_cube`, or what is at another path. */
function load({ path = demoFixture('pick_cube'), ...options }: DemoOptions & { path?: string }) {
  return loadFromPath(path, options);
}
