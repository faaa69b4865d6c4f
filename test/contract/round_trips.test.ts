import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { roundTripTable } from '../../scripts/datasets_table.js';
import { lossesOf, roundTrip, SOURCES } from '../../scripts/round_trips.js';
import { WRITABLE_FORMATS } from '../../src/datasets/registry.js';
import { folderOfTests } from '../temporary_folder.js';

/** Pairs that are refused, since a format has no place for what has to be kept. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'test/fixtures/minari/pendulum to maniskill': /env_info/,
  'test/fixtures/minari/pendulum_arrow to maniskill': /env_info/,
  'test/fixtures/minari/reach to maniskill': /env_info/,
  'test/fixtures/minari/reach to d4rl': /episode_0\/observations\/image holds pictures/,
  'test/fixtures/robomimic/low_dim.hdf5 to maniskill': /env_info/,
  'test/fixtures/robomimic/image.hdf5 to maniskill': /env_info/,
  'test/fixtures/robomimic/low_dim_no_next_extra.hdf5 to maniskill': /env_info/,
  'test/fixtures/robomimic/image.hdf5 to d4rl': /demo_0\/observations\/agentview_image holds pictures/,
  'test/fixtures/lerobot/state_only to maniskill': /env_info/,
  'test/fixtures/lerobot/images to maniskill': /env_info/,
  'test/fixtures/lerobot/arm to maniskill': /env_info/,
  'test/fixtures/lerobot/images to minari': /episode 0 has no rewards/,
  'test/fixtures/lerobot/images to d4rl': /episode 0\/observations\/images.top holds pictures/,
  'test/fixtures/lerobot/arm to d4rl': /episode 0\/observations\/images.top holds pictures/,
  'test/fixtures/d4rl/cartpole_medium.hdf5 to maniskill': /env_info/,
  'test/fixtures/d4rl/hopper.hdf5 to maniskill': /env_info/,
  'test/fixtures/d4rl/chain_edges.hdf5 to maniskill': /env_info/,
};

const formats = Object.keys(SOURCES);
const pairs = formats.flatMap((from) => formats.map((to) => [from, to] as const));

it('every format that can be written is tried here', () => {
  expect(formats.toSorted()).toEqual([...WRITABLE_FORMATS.keys()].toSorted());
});

describe.each(pairs)('%s to %s and back', (from, to) => {
  const folder = folderOfTests();

  it.each(SOURCES[from].paths)('%s is equal in all that both keep, and the rest is said', async (path) => {
    const trip = await roundTrip(path, from, to, join(folder, path.replaceAll('/', '_')));
    const refusal = REFUSED[`${path} to ${to}`];
    if (typeof trip === 'string' || refusal) {
      expect(trip).toMatch(refusal ?? 'no refusal');
      return;
    }
    const said = new Set([...lossesOf(trip.there.rows), ...lossesOf(trip.back.rows)]);
    expect(lossesOf(trip.found).filter((part) => !said.has(part))).toEqual([]);
    expect(trip.back.episodes).toBe(trip.there.episodes);
    expect(trip.back.steps).toBe(trip.there.steps);
    if (from === to) expect(lossesOf(trip.found)).toEqual([]);
  });
});

it('the table in docs/datasets.md is what these trips find; npm run docs -- datasets writes it', async () => {
  expect(readFileSync('docs/datasets.md', 'utf8')).toContain(await roundTripTable(folderOfTests()));
});
