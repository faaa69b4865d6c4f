import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { conversionCommand } from '../../../../../src/datasets/formats/maniskill/conversion_command.js';
import { verifyDataset } from '../../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { copyWithJson, demoFixture } from './fixtures.js';
import {
  flags,
  floats,
  type OddDataset,
  type OddEpisode,
  soundDataset,
  spoilt,
  without,
  writeOddDataset,
} from './odd_dataset.js';

const folder = folderOfTests();

let sound: OddDataset;
beforeAll(async () => {
  sound = await soundDataset();
});

/** Writes a dataset of three sound episodes, traj_1, traj_2 and traj_10, after `change`. */
function written(name: string, change: (dataset: OddDataset) => OddDataset): Promise<string> {
  return writeOddDataset(join(folder, name), change(sound));
}

function mapped(
  { episodes }: OddDataset,
  change: (episode: OddEpisode) => OddEpisode,
): Record<string, OddEpisode> {
  return Object.fromEntries(Object.entries(episodes).map(([group, episode]) => [group, change(episode)]));
}

describe('verifying a dataset', () => {
  test.each([
    ['pick_cube', 3, 203],
    ['pick_cube_failures', 2, 99],
    ['pick_cube_raw', 1, 50],
    ['no_success', 1, 4],
    ['gzip', 1, 4],
  ])('finds nothing wrong with %s.h5', async (name, episodes, steps) => {
    const found = await verifyDataset(demoFixture(name));
    expect(found).toMatchObject({ episodes, steps, fileProblems: [], episodeProblems: new Map() });
  });

  test.each([
    ['nan', /^traj_2\/actions holds NaN at step 3, column 5; drop that episode$/],
    ['inf', /^traj_2\/rewards holds Infinity at step 1; drop that episode$/],
    ['float16', /^traj_2\/actions is float16; expected float32 \(or float64\), so convert it with h5py$/],
    [
      'lzf',
      /^traj_2\/actions is compressed with lzf, which can't be read here; rewrite it with gzip or without/,
    ],
  ])('names what is wrong with %s.h5', async (name, problem) => {
    const { fileProblems, episodeProblems } = await verifyDataset(demoFixture(name));
    expect(fileProblems).toEqual([]);
    expect(Object.fromEntries(episodeProblems)).toEqual({ traj_2: [expect.stringMatching(problem)] });
  });

  test('lists every problem of every episode', async () => {
    const path = await written('many', (dataset) => {
      const { traj_1, traj_2, traj_10 } = dataset.episodes;
      return {
        ...dataset,
        episodes: {
          traj_1: {
            ...traj_1,
            obs: spoilt(spoilt(traj_1['obs'], 44, Number.NaN), 90, Number.NEGATIVE_INFINITY),
            'env_states/actors/cube': spoilt(traj_1['env_states/actors/cube'], 14, 2e16),
            'env_states/articulations/panda': floats(4, 30),
          },
          traj_2: {
            ...traj_2,
            actions: floats(2, 7),
            success: flags(0, 0),
            truncated: { data: Int32Array.of(0), shape: [1] },
          },
          traj_10: without(traj_10, 'actions'),
        },
      };
    });
    const { episodes, fileProblems, episodeProblems } = await verifyDataset(path);
    expect(episodes).toBe(3);
    expect(fileProblems).toEqual([]);
    const rows = (found: number, wanted: number) =>
      `has ${found} rows; expected ${wanted}, by the episode's number of actions`;
    expect(Object.fromEntries(episodeProblems)).toEqual({
      traj_1: [
        'traj_1/obs holds NaN at step 1, column 2 (2 such values); drop that episode',
        'traj_1/env_states/actors/cube holds 2e+16 at step 1, column 1, beyond ±1e+15, which breaks a training; ' +
          'drop that episode',
      ],
      traj_2: [
        'traj_2 has 2 actions, but the json says elapsed_steps 3',
        'traj_2/actions has shape [2, 7]; expected [2, 8]',
        `traj_2/rewards ${rows(3, 2)}`,
        `traj_2/terminated ${rows(3, 2)}`,
        'traj_2/truncated is int32; expected bool',
        'traj_2/success ends with false, but the json says success true',
        `traj_2/obs ${rows(4, 3)}`,
        `traj_2/env_states/actors/cube ${rows(4, 3)}`,
        `traj_2/env_states/actors/goal_site ${rows(4, 3)}`,
        `traj_2/env_states/actors/table-workspace ${rows(4, 3)}`,
        `traj_2/env_states/articulations/panda ${rows(4, 3)}`,
      ],
      traj_10: [
        'traj_10 has no actions',
        'traj_10/env_states/articulations/panda has rows of [31]; in the episodes before [30]',
      ],
    });
  });

  test("finds a state in the middle of an episode that can't be", async () => {
    const cubeHeight = 2 * 13 + 2;
    const path = await written('sunk', (dataset) => {
      const { traj_2 } = dataset.episodes;
      const cube = spoilt(traj_2['env_states/actors/cube'], cubeHeight, 0);
      const episodes = { ...dataset.episodes, traj_2: { ...traj_2, 'env_states/actors/cube': cube } };
      return { ...dataset, episodes };
    });
    const { episodeProblems } = await verifyDataset(path);
    expect(Object.fromEntries(episodeProblems)).toEqual({
      traj_2: [
        'traj_2/env_states, state 2: PickCube-v1: the state can\'t be: "cube" is 20 mm deep in "table-workspace"; ' +
          'more than 10 mm never happens',
      ],
    });
  });

  test('names the episodes that lack what others have', async () => {
    const path = await written('uneven', (dataset) => {
      const { traj_1, traj_2, traj_10 } = dataset.episodes;
      return {
        ...dataset,
        episodes: { traj_1, traj_2: without(traj_2, 'env_states'), traj_10: without(traj_10, 'rewards') },
      };
    });
    expect(Object.fromEntries((await verifyDataset(path)).episodeProblems)).toEqual({
      traj_2: ['traj_2 has no env_states; other episodes have'],
      traj_10: ['traj_10 has no rewards; other episodes have'],
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
    expect(task.notes[0]).toMatch(/^unknown environment "FooCube-v9"; known: /);
    const mode = await verifyDataset(await renamed('mode', /pd_joint_delta_pos/g, 'pd_warp'));
    expect(mode.episodeProblems.size).toBe(0);
    expect(mode.notes[0]).toMatch(/^PickCube-v1 has no control mode "pd_warp"; it has: pd_/);
  });

  test('notes how a file becomes one to train on, where a replay can do that', async () => {
    const noteOf = async (name: string, change: (dataset: OddDataset) => OddDataset) => {
      const path = await written(name, change);
      const { notes, fileProblems } = await verifyDataset(path);
      return { path, notes, fileProblems };
    };
    const inParts = await noteOf('parts', (dataset) => ({
      ...dataset,
      episodes: mapped(dataset, (episode) => ({
        ...without(episode, 'obs'),
        'obs/agent/qpos': floats(4, 9),
      })),
    }));
    expect(inParts.notes[0]).toBe(
      'observations in parts, not in one array, in 3 of 3 episodes; convert the file: ' +
        conversionCommand(inParts.path, null),
    );
    const positions = await noteOf('positions', (dataset) => ({
      ...dataset,
      entries: dataset.entries.map((entry) => ({ ...entry, control_mode: 'pd_joint_pos' })),
    }));
    expect(positions.notes[0]).toBe(
      `a policy can't act in pd_joint_pos; convert the file: ${conversionCommand(positions.path, 'pd_joint_delta_pos')}`,
    );
    const hopeless = await noteOf('hopeless', (dataset) => ({
      ...dataset,
      episodes: mapped(dataset, (episode) => without(episode, 'obs', 'env_states')),
    }));
    expect(hopeless.fileProblems).toEqual([
      expect.stringMatching(
        /hopeless\.h5: no observations in 3 of 3 episodes, and can't be replayed: its episodes/,
      ),
    ]);
    const seedless = await noteOf('seedless', (dataset) => ({
      ...dataset,
      generator: { name: 'rlpd' },
      entries: dataset.entries.map(({ episode_seed: _, reset_kwargs: __, ...entry }) => entry),
      episodes: mapped(dataset, (episode) => without(episode, 'obs', 'env_states')),
    }));
    expect(seedless.fileProblems).toEqual([expect.stringMatching(/some episodes have no episode_seed/)]);
    const { notes } = await verifyDataset(demoFixture('pick_cube_ee'));
    expect(notes).toEqual(['a training on it needs env.env_kwargs.control_mode=pd_ee_delta_pose']);
  });

  test('notes with counts what is strange', async () => {
    const path = await written('strange', (dataset) => {
      const { traj_1, traj_2 } = dataset.episodes;
      const actions = {
        data: (traj_2['actions']!.data as Float32Array).map((value, i) => (i % 8 === 7 ? -1 : value)),
        shape: [3, 8],
      };
      const still = (episode: OddEpisode) => ({ ...episode, actions });
      return {
        ...dataset,
        info: { ...dataset.info, env_kwargs: { obs_mode: 'rgbd' }, max_episode_steps: 2 },
        episodes: {
          traj_1: { ...still(traj_1), obs: spoilt(spoilt(traj_1['obs'], 5, 4e9), 7, -2000) },
          traj_2: {
            ...traj_2,
            actions: spoilt(spoilt(actions, 0, 1.25), 9, -3.5),
            'infos/words': { data: ['a'], shape: [1] },
          },
          traj_10: { ...traj_2, actions: spoilt(spoilt(actions, 0, 1.25), 9, -3.5), fail: flags(0, 0, 0) },
          meta: {},
        },
      };
    });
    const found = await verifyDataset(path);
    expect(problemsOf(found)).toEqual([]);
    expect(found.notes).toEqual([
      'the json says obs_mode rgbd, but 3 of 3 episodes have observations as of state',
      'not read, as it is no traj_<id>: meta',
      'longer than max_episode_steps 2 of the json: 3 of 3 episodes, up to 3 steps; a training gives its policy as ' +
        'long by env.max_episode_steps=3 eval_env.max_episode_steps=3',
      'action values outside [-1, 1]: 4, in 2 of 3 episodes, up to -3.5; the simulator clips them, training takes them ' +
        'as they are',
      'observations and rewards beyond ±1000: 2, in 1 of 3 episodes, up to 4e+9, first in traj_1/obs; they outweigh all ' +
        'others',
      'columns of actions that never change: 1 of 8; 7 is -1',
      'columns of observations that never change: 1 of 42; 18 (extra.is_grasped) is 1',
      'repeating an earlier episode, number for number: 1 of 3 episodes; traj_10',
      'not read, as nothing here uses it: infos/words, fail',
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
