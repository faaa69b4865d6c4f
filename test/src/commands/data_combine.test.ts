import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { episodeDigest } from '../../../src/datasets/conversion/episode_digest.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { wholeEpisode } from '../../../src/datasets/whole_episode.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';

const PENDULUM = 'test/fixtures/minari/pendulum';
const ARROW = 'test/fixtures/minari/pendulum_arrow';
const PICK_CUBE = 'test/fixtures/demos/pick_cube.h5';

let folder: string;
let said: { text: string };
beforeEach(() => {
  folder = folderOfTest();
  said = rememberSaid();
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const combine = (...words: string[]) => main(['data', 'combine', ...words]);

it('writes the episodes of all with where they are from, their seeds and their metadata', async () => {
  const output = join(folder, 'both-v0');
  expect(await combine(PENDULUM, ARROW, '--output', output)).toBe(0);
  expect(said.text).toContain('all episodes are the same to the bit as before');
  expect(said.text).toMatch(
    /both-v0: Minari, \d+ episodes of 2 datasets, \d+ steps, read again and the same/,
  );
  const [sources, both] = [[PENDULUM, ARROW].map((path) => openDataset(path)), await openDataset(output)];
  let place = 0;
  for (const source of await Promise.all(sources)) {
    for (const [index, id] of source.head.ids.entries()) {
      const before = await wholeEpisode(await source.episode(index));
      const after = await wholeEpisode(await both.episode(place++));
      expect(after.metadata.get('source_path')).toBe(source.head.path);
      expect(after.metadata.get('source_episode')).toBe(id);
      expect(after.metadata.get('source_sha256')).toBe(episodeDigest(before).toString('hex'));
      expect(after.seed).toBe(before.seed);
      expect(episodeDigest({ ...after, metadata: before.metadata }).equals(episodeDigest(before))).toBe(true);
    }
    source.close();
  }
  expect(both.head.ids.length).toBe(place);
  expect(both.head.metadata?.get('author')).toEqual(
    (await openDataset(PENDULUM)).head.metadata?.get('author'),
  );
  both.close();
});

it.each([
  [
    [PICK_CUBE, PENDULUM],
    `${PICK_CUBE} is of ManiSkill, ${PENDULUM} of Minari: choose one with --to: maniskill,`,
  ],
  [[PICK_CUBE, PICK_CUBE], `${PICK_CUBE} is given twice`],
  [
    [PICK_CUBE, 'test/fixtures/demos/pick_cube_ee.h5'],
    `pick_cube_ee.h5 has another control mode than ${PICK_CUBE}: pd_ee_delta_pose, not pd_joint_delta_pos`,
  ],
  [
    ['test/fixtures/lerobot/arm', 'test/fixtures/lerobot/state_only'],
    'declares observations/state as float32 [6]; test/fixtures/lerobot/arm as float32 [3]',
  ],
])('refuses %s, and leaves nothing', async (paths, message) => {
  expect(await combine(...paths, '--output', join(folder, 'both.h5'))).toBe(1);
  expect(said.text).toContain(message);
  expect(readdirSync(folder)).toEqual([]);
});

it('combining drops neither seeds nor metadata, and encodes no picture anew', async () => {
  const output = join(folder, 'both-v0');
  const [reach, parquet] = ['test/fixtures/minari/reach', 'test/fixtures/minari/reach_parquet'];
  expect(await combine(reach, parquet, '--output', output)).toBe(0);
  const both = await openDataset(output);
  const metadata = both.head.metadata!;
  let place = 0;
  for (const path of [reach, parquet]) {
    const source = await openDataset(path);
    for await (const before of source.episodes()) {
      const after = await both.episode(place++);
      expect(after.seed).toBe(before.seed);
      expect(after.observations.get('image')).toEqual(before.observations.get('image'));
    }
    for (const [name, value] of source.head.metadata ?? []) {
      const own = (metadata.get('sources') as { path: string; [key: string]: unknown }[]).find(
        (entry) => entry.path === path,
      )!;
      expect(metadata.get(name) ?? own[name]).toEqual(value);
    }
    source.close();
  }
  both.close();
});
