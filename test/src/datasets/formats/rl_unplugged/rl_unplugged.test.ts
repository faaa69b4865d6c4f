import { cpSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../../../../src/datasets/column.js';
import { rowsOf } from '../../../../../src/datasets/column_rows.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { chainsOf } from '../../../../../src/datasets/formats/rl_unplugged/chains.js';
import { openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { digestOf } from '../../digest.js';

const FIXTURES = 'test/fixtures/rl_unplugged';
const PATHS = {
  control: join(FIXTURES, 'dm_control_suite/cartpole_swingup'),
  locomotion: join(FIXTURES, 'dm_locomotion/humanoid_walls/seq40'),
  rwrl: join(FIXTURES, 'rwrl/combined_challenge_easy/cartpole/realworld_swingup/offline_rl_challenge_easy'),
  atari: join(FIXTURES, 'atari/Pong'),
};

type Facts = [dtype: string, shape: number[], sha256: string];
interface Windows {
  lengths: number[];
  first: Record<string, Facts>;
  last: Record<string, Facts>;
}
interface Row {
  o_t: string;
  o_tp1: string;
  a_t: number;
  r_t: number;
  d_t: number;
  episode_id: string;
  episode_return: number;
}
const expected: { control: Windows; locomotion: Windows; rwrl: Record<string, Facts>[]; atari: Row[] } =
  JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8'));

async function allOf(path: string): Promise<Episode[]> {
  const dataset = await openDataset(path);
  const episodes: Episode[] = [];
  for await (const episode of dataset.episodes()) {
    const extras = await episode.extras();
    episodes.push({ ...episode, extras: async () => extras });
  }
  dataset.close();
  return episodes;
}

const facts = (column: Column): Facts => [column.dtype, [...column.shape], digestOf(column)];

/** All rows of a record by the names that it has for them. */
async function rowsIn(episode: Episode, separator: string): Promise<Record<string, Facts>> {
  const columns = [
    ...[...episode.observations].map(([name, column]) => [`observation${separator}${name}`, column] as const),
    ...(await episode.extras()),
  ];
  return Object.fromEntries(columns.map(([name, column]) => [name, facts(column)]));
}

describe.each(['control', 'locomotion'] as const)('windows of the %s suite', (name) => {
  it('are read as they are, with the observation after their last step', async () => {
    const { lengths, first, last } = expected[name];
    const episodes = await allOf(PATHS[name]);
    expect(episodes.map(({ length }) => length + 1)).toEqual(lengths);
    expect(await rowsIn(episodes[0], '/')).toEqual(first);
    expect(await rowsIn(episodes.at(-1)!, '/')).toEqual(last);
    for (const episode of episodes) {
      const extras = await episode.extras();
      const { length } = episode;
      expect(episode.rewards).toEqual(rowsOf(extras.get('reward')!, 0, length));
      expect(episode.actions.get('')).toEqual(rowsOf(extras.get('action')!, 0, length));
      const types = extras.get('step_type')!.data;
      const ended = episode.terminated.at(-1) === 1 || episode.truncated.at(-1) === 1;
      expect(ended).toBe(types[length] === 2 || extras.get('discount')!.data[length - 1] === 0);
    }
  });
});

it('episodes of the real-world challenge have the action that led to an observation in its row', async () => {
  const episodes = await allOf(PATHS.rwrl);
  expect(episodes).toHaveLength(expected.rwrl.length);
  for (const [index, episode] of episodes.entries()) {
    const found = await rowsIn(episode, ':');
    for (const [name, [dtype, shape, sha256]] of Object.entries(expected.rwrl[index])) {
      // A number a row has no axis of its own here.
      const isNumber = name === 'reward' || name === 'discount';
      expect(found[name], name).toEqual([dtype, isNumber ? shape.slice(0, 1) : shape, sha256]);
    }
    expect(episode.length).toBe(10);
    expect(episode.rewards).toEqual(rowsOf((await episode.extras()).get('reward')!, 1, 11));
    expect([...episode.truncated].lastIndexOf(1)).toBe(9);
  }
});

it("Atari's transitions are put together by the numbers of their episodes, and in order", async () => {
  const episodes = await allOf(PATHS.atari);
  const ids = [...new Set(expected.atari.map((row) => row.episode_id))];
  expect(episodes.map(({ id }) => id)).toEqual(ids.map((id) => `episode ${id}`));
  let transitions = 0;
  for (const [index, { observations, actions, rewards, length, ...rest }] of episodes.entries()) {
    const frames = observations.get('')!;
    const digest = (row: number) => digestOf(rowsOf(frames, row, row + 1));
    const rows = expected.atari.filter((row) => row.episode_id === ids[index]);
    expect(length).toBe(rows.length);
    for (let step = 0; step < length; step++) {
      const row = rows.find((candidate) => candidate.o_t === digest(step))!;
      expect(digest(step + 1)).toBe(row.o_tp1);
      expect(Number(actions.get('')!.data[step])).toBe(row.a_t);
      expect(rewards!.data[step]).toBe(row.r_t);
      expect(rest.terminated[step]).toBe(row.d_t === 0 ? 1 : 0);
      transitions++;
    }
    expect(rest.metadata!.get('episode_return')).toBe(rows[0].episode_return);
  }
  expect(transitions).toBe(expected.atari.length);
});

it('one file alone is read too, with episodes in pieces where transitions lack', async () => {
  const dataset = await openDataset(join(PATHS.atari, 'run_1-00000-of-00002'));
  expect(dataset.head.notes.join()).toMatch(/read in pieces/);
  expect(dataset.head.ids[0]).toBe('episode 9223372036854775808 piece 0');
  dataset.close();
});

it('transitions are put in order, in circles and where ways part', () => {
  const links = ['b>c', 'a>b', 'x>y', 'y>x', 'b>d'].map((text) => ({ from: text[0], to: text[2] }));
  expect(chainsOf(links).map((chain) => chain.map(({ from, to }) => from + to))).toEqual([
    ['ab', 'bc'],
    ['xy', 'yx'],
    ['bd'],
  ]);
});

describe('a damaged file', () => {
  const folder = folderOfTests();

  it('is refused by its name', async () => {
    cpSync(PATHS.control, folder, { recursive: true });
    const file = join(folder, 'train-00001-of-00002');
    truncateSync(file, 400);
    await expect(verifyDataset(folder)).rejects.toThrow(
      /train-00001-of-00002: it can't be unpacked \(gzip\)/,
    );
  });
});
