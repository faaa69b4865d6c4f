import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File } from 'h5wasm/node';
import { describe, expect, test } from 'vitest';
import { loadHdf5 } from '../../../src/data/hdf5.js';
import { verifyDataset } from '../../../src/data/verify_dataset.js';
import { folderOfTests } from '../../temporary_folder.js';
import { copyWithJson, demoFixture } from './fixtures.js';

const folder = folderOfTests();

type Arrays = Record<string, { data: Float32Array | Int8Array; shape: number[] }>;

/** A sound episode of 3 steps, 2 actions and 4 observations, that succeeds at its end. */
function episode(changes: Arrays = {}): Arrays {
  return {
    actions: floats(3, 2),
    obs: floats(4, 4),
    rewards: floats(3),
    success: flags(0, 0, 1),
    terminated: flags(0, 0, 1),
    'env_states/actors/cube': floats(4, 13),
    'env_states/articulations/panda': floats(4, 31),
    ...changes,
  };
}

function floats(...shape: number[]) {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return { data: new Float32Array(size).fill(0.5), shape };
}

function flags(...values: number[]) {
  return { data: Int8Array.from(values), shape: [values.length] };
}

/** `array` with these values at these places. */
function spoilt(array: { data: Float32Array; shape: number[] }, values: Record<number, number>) {
  for (const [at, value] of Object.entries(values)) array.data[Number(at)] = value;
  return array;
}

function without(arrays: Arrays, ...parts: string[]): Arrays {
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => !parts.includes(name)));
}

/** Writes the episodes 0, 1, … and a json that calls each a success of 3 steps. */
async function writeDataset(name: string, episodes: Arrays[]): Promise<string> {
  await loadHdf5();
  const path = join(folder, `${name}.h5`);
  const file = new File(path, 'w');
  episodes.forEach((arrays, id) => {
    for (const [array, { data, shape }] of Object.entries(arrays)) {
      const parents = `traj_${id}/${array}`.split('/').slice(0, -1);
      parents.forEach((_, depth) => {
        const group = parents.slice(0, depth + 1).join('/');
        if (file.get(group) === null) file.create_group(group);
      });
      file.create_dataset({ name: `traj_${id}/${array}`, data, shape });
    }
  });
  file.close();
  const entries = episodes.map((_, id) => ({ episode_id: id, elapsed_steps: 3, success: true }));
  const info = { env_id: 'PickCube-v1', env_kwargs: { obs_mode: 'state' } };
  await writeFile(path.replace(/h5$/, 'json'), JSON.stringify({ env_info: info, episodes: entries }));
  return path;
}

describe('verifying a dataset', () => {
  test.each([
    ['pick_cube', 3, 203],
    ['pick_cube_failures', 2, 99],
    ['pick_cube_raw', 1, 50],
    ['no_success', 1, 4],
  ])('finds nothing wrong with %s.h5', async (name, episodes, steps) => {
    const found = await verifyDataset(demoFixture(name));
    expect(found).toEqual({ episodes, steps, fileProblems: [], episodeProblems: new Map(), notes: [] });
  });

  // These are the first steps of an episode that succeeds later, as their json says.
  const CUT = 'traj_2/success ends with false, but the json says success true';

  test.each([
    ['nan', ['traj_2/actions holds NaN at step 3, column 5', CUT]],
    ['inf', ['traj_2/rewards holds Infinity at step 1', CUT]],
    ['float16', ['traj_2/actions is float16; expected float32 (or float64), so convert it with h5py', CUT]],
    [
      'lzf',
      [
        "traj_2/actions is compressed with lzf, which can't be read here; " +
          'rewrite it with gzip or without compression',
        CUT,
      ],
    ],
    ['gzip', [CUT]],
  ])('names what is wrong with %s.h5', async (name, problems) => {
    const { fileProblems, episodeProblems } = await verifyDataset(demoFixture(name));
    expect(fileProblems).toEqual([]);
    expect(Object.fromEntries(episodeProblems)).toEqual({ traj_2: problems });
  });

  test('lists every problem of every episode', async () => {
    const path = await writeDataset('many', [
      episode(),
      episode({
        obs: spoilt(floats(4, 4), { 6: Number.NaN, 9: Number.NEGATIVE_INFINITY }),
        'env_states/actors/cube': spoilt(floats(4, 13), { 14: Number.POSITIVE_INFINITY }),
      }),
      episode({ obs: floats(3, 4), rewards: floats(4), 'env_states/actors/cube': floats(3, 13) }),
      episode({ actions: floats(3, 3), terminated: flags(0, 1) }),
      without(episode(), 'success', 'terminated', 'obs'),
      without(episode(), 'actions'),
      episode({ actions: floats(2, 2), success: flags(0, 0) }),
      episode(),
    ]);
    const { episodes, fileProblems, episodeProblems } = await verifyDataset(path);
    expect(episodes).toBe(8);
    expect(fileProblems).toEqual([]);
    const rows = (found: number, wanted: number) =>
      `has ${found} rows; expected ${wanted}, by the episode's number of actions`;
    expect(Object.fromEntries(episodeProblems)).toEqual({
      traj_1: [
        'traj_1/env_states/actors/cube holds Infinity at step 1, column 1',
        'traj_1/obs holds NaN at step 1, column 2 (2 such values)',
      ],
      traj_2: [
        `traj_2/env_states/actors/cube ${rows(3, 4)}`,
        `traj_2/obs ${rows(3, 4)}`,
        `traj_2/rewards ${rows(4, 3)}`,
      ],
      traj_3: [
        `traj_3/terminated ${rows(2, 3)}`,
        'traj_3/actions has rows of [3]; in the episodes before [2]',
      ],
      traj_4: [
        'traj_4 has neither success nor terminated',
        'traj_4 has no observations; the json says obs_mode state',
      ],
      traj_5: ['traj_5 has no actions'],
      traj_6: [
        `traj_6/env_states/actors/cube ${rows(4, 3)}`,
        `traj_6/env_states/articulations/panda ${rows(4, 3)}`,
        `traj_6/obs ${rows(4, 3)}`,
        `traj_6/rewards ${rows(3, 2)}`,
        `traj_6/terminated ${rows(3, 2)}`,
        'traj_6 has 2 actions, but the json says elapsed_steps 3',
        'traj_6/success ends with false, but the json says success true',
      ],
    });
  });

  test('names the episodes that lack what others have', async () => {
    const path = await writeDataset('uneven', [
      episode(),
      without(episode(), 'env_states/actors/cube', 'env_states/articulations/panda'),
      without(episode(), 'rewards'),
    ]);
    expect(Object.fromEntries((await verifyDataset(path)).episodeProblems)).toEqual({
      traj_1: ['traj_1 has no env_states; other episodes have'],
      traj_2: ['traj_2 has no rewards; other episodes have'],
    });
  });

  test('lists every disagreement of json and h5', async () => {
    const path = await copyWithJson(folder, 'disagreeing', (json) => {
      const metadata = JSON.parse(json);
      const [first, second, third] = metadata.episodes;
      metadata.episodes = [
        { ...first, elapsed_steps: 73, success: false },
        { ...second, episode_id: 4 },
        { ...third, episode_id: 5 },
      ];
      return JSON.stringify(metadata);
    });
    const jsonPath = path.replace(/h5$/, 'json');
    const { fileProblems, episodeProblems } = await verifyDataset(path);
    expect(fileProblems).toEqual([
      `${path}: no traj_4, but ${jsonPath} lists that episode`,
      `${path}: no traj_5, but ${jsonPath} lists that episode`,
      `${jsonPath}: traj_10 of the .h5 file is not listed`,
      `${jsonPath}: traj_2 of the .h5 file is not listed`,
    ]);
    expect(Object.fromEntries(episodeProblems)).toEqual({
      traj_1: [
        'traj_1 has 74 actions, but the json says elapsed_steps 73',
        'traj_1/success ends with true, but the json says success false',
      ],
    });
  });

  test('notes a task or control mode that there is not here', async () => {
    const renamed = (name: string, from: RegExp, to: string) =>
      copyWithJson(folder, name, (json) => json.replaceAll(from, to));
    const task = await verifyDataset(await renamed('task', /PickCube-v1/g, 'FooCube-v9'));
    expect(task.episodeProblems.size).toBe(0);
    expect(task.notes).toEqual([expect.stringMatching(/^unknown environment "FooCube-v9"; known: /)]);
    const mode = await verifyDataset(await renamed('mode', /pd_joint_delta_pos/g, 'pd_warp'));
    expect(mode.notes).toEqual([
      expect.stringMatching(/^PickCube-v1 has no control mode "pd_warp"; it has: pd_/),
    ]);
  });

  test('reads the h5 also where the json is missing or broken', async () => {
    const alone = join(folder, 'alone.h5');
    await copyFile(demoFixture('pick_cube'), alone);
    const missing = await verifyDataset(alone);
    expect(missing.fileProblems).toEqual([expect.stringMatching(/alone\.json: can't read the json/)]);
    expect([missing.episodes, missing.steps]).toEqual([3, 203]);
    const broken = await verifyDataset(await copyWithJson(folder, 'broken', (json) => json.slice(0, -20)));
    expect(broken.fileProblems).toEqual([expect.stringMatching(/broken\.json: not valid JSON/)]);
  });

  test('throws only if the h5 cannot be opened', async () => {
    const cut = join(folder, 'cut.h5');
    await writeFile(cut, (await readFile(demoFixture('pick_cube'))).subarray(0, 50_000));
    await expect(verifyDataset(cut)).rejects.toThrow(/cut\.h5: truncated/);
    await expect(verifyDataset(join(folder, 'none.h5'))).rejects.toThrow(/no such file/);
  });
});
