import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File } from 'h5wasm/node';
import { describe, expect, test } from 'vitest';
import { type NumberColumn, rowSize } from '../../../../../src/datasets/column.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { loadHdf5 } from '../../../../../src/datasets/storage/hdf5.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { loadFromPath } from '../../../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { WITHOUT_TASK } from '../../../buffers/demo_options.js';
import { digestOf } from '../../digest.js';
import { type D4rlFile, flags, places, soundD4rl, without, writeD4rl } from './write_d4rl.js';

const FIXTURES = 'test/fixtures/d4rl';
const folder = folderOfTests();

const LEFT_OUT = (count: number) =>
  `steps left out of learning: ${count}, the last ones of episodes that did not terminate, as the observations after them were not recorded`;
const REPEATED = (count: number) =>
  `steps that terminated in observations that were not recorded: ${count}; nothing is to be gained there, and their own observations stand for these`;

interface Expected {
  dropped_rows: number[];
  sha256: Record<string, string>;
  episodes: { rows: [from: number, to: number]; return: number; ends: string }[];
}
const expected: Record<string, Expected> = JSON.parse(readFileSync(`${FIXTURES}/expected.json`, 'utf8'));

async function episodesOf(path: string): Promise<Episode[]> {
  const dataset = await openDataset(path);
  const episodes: Episode[] = [];
  for await (const episode of dataset.episodes()) episodes.push(episode);
  dataset.close();
  return episodes;
}

/** All rows but some of a part of the episodes, in float32 as d4rl has them. */
function rowsWithout(episodes: Episode[], dropped: readonly number[], part: 'observations' | 'actions') {
  const rows = episodes.flatMap((episode) => {
    const column = episode[part].get('') as NumberColumn;
    const width = rowSize(column);
    return Array.from({ length: episode.length }, (_, i) => [
      ...(column.data as Float32Array).subarray(i * width, (i + 1) * width),
    ]);
  });
  const kept = rows.filter((_, row) => !dropped.includes(row));
  return digestOf({ dtype: 'float32', shape: [kept.length], data: Float32Array.from(kept.flat()) });
}

async function load(path: string) {
  const { buffer, ...rest } = await loadFromPath(path, WITHOUT_TASK);
  const [chunk] = buffer.getState().chunks;
  return { ...rest, ...chunk };
}

describe("files as D4RL's own", () => {
  test.each(Object.keys(expected))('%s: the arrays are those that d4rl reads', async (name) => {
    const episodes = await episodesOf(`${FIXTURES}/${name}.hdf5`);
    const { dropped_rows: dropped, sha256 } = expected[name];
    expect(rowsWithout(episodes, dropped, 'observations')).toBe(sha256['observations']);
    expect(rowsWithout(episodes, dropped, 'actions')).toBe(sha256['actions']);
    const numbers = (values: (episode: Episode) => ArrayLike<number>) =>
      episodes.flatMap((episode) => Array.from(values(episode))).filter((_, row) => !dropped.includes(row));
    const rewards = Float32Array.from(numbers(({ rewards }) => rewards!.data as Float32Array));
    const terminals = Uint8Array.from(numbers(({ terminated }) => terminated));
    expect(digestOf({ dtype: 'float32', shape: [], data: rewards })).toBe(sha256['rewards']);
    expect(digestOf({ dtype: 'bool', shape: [], data: terminals })).toBe(sha256['terminals']);
  });

  test.each(Object.keys(expected))('%s: the episodes are those that d4rl cuts', async (name) => {
    const episodes = await episodesOf(`${FIXTURES}/${name}.hdf5`);
    let row = 0;
    const found = episodes.map(({ length, rewards, terminated, truncated }) => {
      row += length;
      return {
        rows: [row - length, row],
        return: (rewards!.data as Float32Array).reduce((sum, reward) => sum + reward, 0),
        length,
        ends: terminated.at(-1) ? 'terminal' : truncated.at(-1) ? 'timeout' : 'open',
      };
    });
    // d4rl loses the rows after the last flag.
    const closed = found.filter(({ ends }) => ends !== 'open');
    expect(closed).toEqual(
      expected[name].episodes.map((episode) => ({ ...episode, return: expect.closeTo(episode.return, 3) })),
    );
  });

  test('the transitions are those of qlearning_dataset where all episodes were cut off', async () => {
    const path = await withScale('pendulum_expert', 2);
    const { observations, nextObservations, summary } = await load(path);
    const { sha256 } = expected['pendulum_expert'];
    const digest = (data: Float32Array) => digestOf({ dtype: 'float32', shape: [], data });
    expect(digest(observations)).toBe(sha256['observations']);
    expect(digest(nextObservations)).toBe(sha256['next_observations']);
    expect(summary).toMatchObject({ transitions: 196, longest: 50, episodes: 4 });
    expect(summary.notes).toEqual([
      LEFT_OUT(4),
      "its actions are from -2 to 2; the policy's, in [-1, 1], stand for these",
    ]);
  });

  test('extras are the rows of infos, and metadata are told', async () => {
    const dataset = await openDataset(`${FIXTURES}/cartpole_medium.hdf5`);
    const extras = await (await dataset.episode(4)).extras();
    expect([...extras].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['infos/action_log_probs', 'float32', [21]],
      ['infos/qpos', 'float64', [21, 4]],
    ]);
    expect(dataset.head.facts).toEqual([
      ['task', 'unknown'],
      ['source', 'SAC'],
      ['metadata', 'iteration 3000, policy/nonlinearity relu, policy/output_distribution tanh_gaussian'],
    ]);
    dataset.close();
  });
});

/** A copy of a fixture with an `action_scale`. */
async function withScale(name: string, scale: number): Promise<string> {
  const path = join(folder, `${name}.hdf5`);
  await copyFile(`${FIXTURES}/${name}.hdf5`, path);
  await loadHdf5();
  const file = new File(path, 'a');
  file.create_dataset({ name: 'metadata/action_scale', data: scale });
  file.close();
  return path;
}

describe('the last step of an episode', () => {
  test('leads to the recorded next observation, whether it terminated, was cut off, or is open', async () => {
    const path = await writeD4rl(join(folder, 'sound.hdf5'), soundD4rl());
    const { observations, nextObservations, endings, summary } = await load(path);
    expect(observations).toEqual(places(6, 2).data);
    expect(nextObservations).toEqual(places(6, 2, 2).data);
    expect([...endings]).toEqual([0, 0, 2, 0, 1, 1]);
    expect(summary.notes).toEqual(['taken to be cut off at its end, as it has no end of its own: row 5']);
  });

  test('is left out where nobody knows where it led, but for one that terminated', async () => {
    // Ends in rows 2 and 3: terminal; 5 and 7: timeout; 9: both.
    const { observations, nextObservations, actions, rewards, endings, summary } = await load(
      `${FIXTURES}/chain_edges.hdf5`,
    );
    expect([...rewards]).toEqual([0, 1, 2, 3, 4, 6, 8, 9]);
    expect([...observations].filter((_, i) => i % 2 === 0)).toEqual([0, 1, 2, 3, 4, 6, 8, 9]);
    expect([...nextObservations].filter((_, i) => i % 2 === 0)).toEqual([1, 2, 2, 3, 5, 7, 9, 9]);
    expect([...actions].map((action) => Math.round(action * 10))).toEqual([0, 1, 2, 3, 4, 6, 8, 9]);
    expect([...endings]).toEqual([0, 0, 2, 2, 1, 1, 0, 2]);
    expect(summary.notes).toEqual([LEFT_OUT(2), REPEATED(3)]);
    expect((await verifyDataset(`${FIXTURES}/chain_edges.hdf5`)).notes).toEqual([LEFT_OUT(2), REPEATED(3)]);
  });

  test('counts in the return of its episode all the same', async () => {
    const { returns, lengths } = await datasetInfo(`${FIXTURES}/chain_edges.hdf5`);
    expect(returns).toEqual([3, 3, 9, 13, 17]);
    expect(lengths).toEqual([3, 1, 2, 2, 2]);
  });

  test('an open episode without next observations is kept but for its last step', async () => {
    const file = { ...without(soundD4rl(), 'next_observations'), timeouts: flags(6), terminals: flags(6) };
    const { rewards, summary } = await load(await writeD4rl(join(folder, 'open.hdf5'), file));
    expect(rewards).toHaveLength(5);
    expect(summary.notes).toEqual([
      'taken to be cut off at its end, as it has no end of its own: rows 0-5',
      LEFT_OUT(1),
    ]);
  });

  test('if all are left out and there are no others, that is said', async () => {
    const file = {
      ...without(soundD4rl(), 'next_observations'),
      terminals: flags(6),
      timeouts: flags(6, 0, 1, 2, 3, 4, 5),
    };
    const path = await writeD4rl(join(folder, 'nothing.hdf5'), file);
    await expect(load(path)).rejects.toThrow(`${path}: there is no step to learn from: ${LEFT_OUT(6)}`);
  });
});

describe('actions', () => {
  test('are divided by the action_scale', async () => {
    const { actionScale, actions, summary } = await load(`${FIXTURES}/pendulum.hdf5`);
    const [{ actions: recorded }] = await episodesOf(`${FIXTURES}/pendulum.hdf5`);
    expect([...actionScale!]).toEqual([0.5]);
    expect([...actions.slice(0, 200)]).toEqual(
      [...(recorded.get('') as NumberColumn<'float32'>).data].map((a) => a / 2),
    );
    expect(summary.notes).toEqual([
      "its actions are from -2 to 2; the policy's, in [-1, 1], stand for these",
    ]);
  });

  test.each<[name: string, change: D4rlFile, message: string]>([
    [
      'beyond the declared scale',
      { 'metadata/action_scale': 0.01 },
      'number 0 of its actions is from 0 to 0.05',
    ],
    [
      'beyond -1 and 1 with nothing declared',
      { actions: { data: Float32Array.of(0, 0, 0, 0, 0, 2), shape: [6, 1] } },
      'its actions are from 0 to 2, a policy acts in [-1, 1], and no bounds around 0 are declared for them',
    ],
    [
      'with a scale that is none',
      { 'metadata/action_scale': -1 },
      'metadata/action_scale is -1; expected a positive number, or one for each of the 1 of an action',
    ],
    [
      'with a scale for other actions',
      { 'metadata/action_scale': { data: Float64Array.of(1, 2), shape: [2] } },
      'metadata/action_scale is 1, 2; expected a positive number',
    ],
  ])('are refused %s', async (name, change, message) => {
    const path = await writeD4rl(join(folder, `actions ${name}.hdf5`), { ...soundD4rl(), ...change });
    await expect(load(path)).rejects.toThrow(UserError);
    await expect(load(path)).rejects.toThrow(message);
  });

  test('fit a scale that float32 can only hold a little above', async () => {
    const scale = 0.4;
    const actions = { data: new Float32Array(6).fill(scale), shape: [6, 1] };
    const file = { ...soundD4rl(), actions, 'metadata/action_scale': scale };
    const { actions: learnt } = await load(await writeD4rl(join(folder, 'float32.hdf5'), file));
    expect(learnt[0]).toBeCloseTo(1, 6);
  });
});

describe('a file', () => {
  test('with an odd layout is read', async () => {
    const odd: D4rlFile = {
      ...soundD4rl(),
      observations: { data: Float64Array.from(places(6, 2).data as Float32Array), shape: [6, 2] },
      next_observations: { data: Float64Array.from(places(6, 2, 2).data as Float32Array), shape: [6, 2] },
      rewards: { ...places(6, 1, 100), shape: [6, 1] },
      terminals: { data: Float32Array.of(0, 0, 1, 0, 0, 0), shape: [6, 1] },
      timeouts: { data: BigInt64Array.of(0n, 0n, 0n, 0n, 1n, 0n), shape: [6] },
      'infos/short': { data: Float32Array.of(1), shape: [1] },
      'infos/qpos': places(6, 1),
      notes: { data: ['a', 'b'], shape: [2] },
    };
    const path = await writeD4rl(join(folder, 'odd.hdf5'), odd);
    const info = await datasetInfo(path);
    const { columns, notes, ends } = info;
    expect(problemsOf(info)).toEqual([]);
    expect(columns.get('observations')!.type).toEqual({ dtype: 'float64', shape: [4, 2] });
    expect([...columns.keys()]).toEqual(['observations', 'actions', 'rewards', 'infos/qpos']);
    expect(notes[0]).toBe('not read, as it is not known what they are: notes, infos/short');
    expect(ends).toEqual({ terminated: 1, truncated: 1, open: 1 });
  });

  test('without timeouts is cut after 1000 steps, or after those of a task that is known', async () => {
    const rows = 2100;
    const file = {
      observations: places(rows, 1),
      actions: { data: new Float32Array(rows), shape: [rows, 1] },
    };
    const old = { ...file, rewards: places(rows, 1), terminals: flags(rows, 499) };
    const lengths = async (path: string) => (await episodesOf(path)).map(({ length }) => length);
    const path = await writeD4rl(join(folder, 'old.hdf5'), old);
    expect(await lengths(path)).toEqual([500, 1000, 600]);
    const { notes } = await verifyDataset(path);
    expect(notes).toEqual([
      'it has no timeouts: what did not terminate is taken to be cut off after 1000 steps; if it was not, write timeouts into the file',
      'taken to be cut off at its end, as it has no end of its own: rows 1500-2099',
      LEFT_OUT(2),
      REPEATED(1),
    ]);
    const known = { ...old, 'metadata/env_id': 'PickCube-v1' };
    const [first, second] = await lengths(await writeD4rl(join(folder, 'known.hdf5'), known));
    expect([first, second]).toEqual([50, 50]);
  });

  test('of more rows than are read at a time is read whole', async () => {
    const rows = 40_000;
    const file = {
      observations: places(rows, 2),
      actions: { data: new Float32Array(rows), shape: [rows, 1], chunks: [1000, 1] },
      rewards: places(rows, 1),
      terminals: flags(rows, 9, 39_989),
      timeouts: flags(rows),
    };
    const episodes = await episodesOf(await writeD4rl(join(folder, 'large.hdf5'), file));
    expect(episodes.map(({ length }) => length)).toEqual([10, 39_980, 10]);
    const observations = (episodes[1].observations.get('') as NumberColumn<'float32'>).data;
    expect(observations).toEqual(places(39_980, 2, 20).data);
  });

  test('in pieces has episodes that end with their piece', async () => {
    const piece = without(soundD4rl(), 'next_observations', 'timeouts');
    const pieces = [0, 2, 10].flatMap((number) =>
      Object.entries(piece).map(([name, array]) => [`virtual/${number}/${name}`, array] as const),
    );
    const dataset = await openDataset(
      await writeD4rl(join(folder, 'pieces.hdf5'), Object.fromEntries(pieces)),
    );
    expect(dataset.head.ids).toEqual(
      [0, 2, 10].flatMap((number) => [`virtual/${number}/rows 0-2`, `virtual/${number}/rows 3-5`]),
    );
    expect((await dataset.episode(3)).rewards!.data).toEqual(Float32Array.of(1.03, 1.04, 1.05));
    dataset.close();
  });

  test('of another environment is refused, and what could not be checked is said', async () => {
    const path = await writeD4rl(join(folder, 'task.hdf5'), {
      ...soundD4rl(),
      'metadata/env_id': 'Hopper-v5',
    });
    const task = { envId: 'Walker2d-v5', controlMode: 'torque' };
    await expect(openDataset(path, task)).rejects.toThrow(
      `${path} was recorded in Hopper-v5; expected Walker2d-v5`,
    );
    const dataset = await openDataset(path, { ...task, envId: 'Hopper-v5' });
    expect(dataset.head.notes[0]).toBe("the metadata don't name its control mode: not checked");
    dataset.close();
  });

  test.each<[name: string, change: (file: D4rlFile) => D4rlFile, message: RegExp]>([
    [
      'no actions',
      (file) => without(file, 'actions'),
      /no actions; it has next_observations, observations, rewards/,
    ],
    [
      'rows that differ',
      (file) => ({ ...file, rewards: places(5, 1) }),
      /rewards has 5 rows; observations has 6/,
    ],
    [
      'next observations of another width',
      (file) => ({ ...file, next_observations: places(6, 3) }),
      /next_observations has rows of float32 \[3\]; expected float32 \[2\]/,
    ],
    [
      'two rewards a step',
      (file) => ({ ...file, rewards: places(6, 2) }),
      /rewards has shape \[6, 2\]; expected \[6\]/,
    ],
    [
      'texts for actions',
      (file) => ({ ...file, actions: { data: [...'abcdef'], shape: [6] } }),
      /actions is string; expected numbers/,
    ],
  ])('is refused on opening with %s', async (name, change, message) => {
    const path = await writeD4rl(join(folder, `refused ${name}.hdf5`), change(soundD4rl()));
    await expect(openDataset(path)).rejects.toThrow(UserError);
    await expect(openDataset(path)).rejects.toThrow(message);
  });

  test.each<[name: string, change: D4rlFile, problem: string]>([
    [
      'a reward that is no number',
      { rewards: { data: Float32Array.of(0, 0, 0, Number.NaN, 0, 0), shape: [6] } },
      'rows 3-4/rewards holds NaN at step 0; drop that episode',
    ],
    [
      'an end without a flag',
      { timeouts: flags(6), next_observations: { ...places(6, 2, 2), data: withJump(places(6, 2, 2), 9) } },
      'rows 3-5/next_observations of step 1 are not the observations of step 2: if an episode was cut off there, write ' +
        'that into timeouts',
    ],
  ])('with %s is judged alike by verification and training', async (name, change, problem) => {
    const path = await writeD4rl(join(folder, `${name}.hdf5`), { ...soundD4rl(), ...change });
    expect(problemsOf(await verifyDataset(path))).toEqual([problem]);
    await expect(load(path)).rejects.toThrow(`${path}: ${problem}`);
  });
});

/** The numbers of an array, one of them changed. */
function withJump({ data }: { data: unknown }, place: number): Float32Array {
  return (data as Float32Array).map((value, i) => (i === place ? value + 7 : value));
}

test('observations that never change are named', async () => {
  const data = (places(6, 2).data as Float32Array).map((value, i) => (i % 2 === 0 ? 3 : value));
  const next_observations = { data: Float32Array.from([...data.slice(2), 3, 0.13]), shape: [6, 2] };
  const file = { ...soundD4rl(), observations: { data, shape: [6, 2] }, next_observations };
  const { summary } = await load(await writeD4rl(join(folder, 'constant.hdf5'), file));
  expect(summary.notes).toContain('the same in all of its observations: number 0 (3)');
});
