import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type DatasetExpectation,
  ManiSkillDataset,
} from '../../../../../src/datasets/formats/maniskill/reader.js';
import { UserError } from '../../../../../src/errors.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { copyWithJson, demoFixture } from './fixtures.js';

const folder = folderOfTests();

const PICK_CUBE: DatasetExpectation = {
  envId: 'PickCube-v1',
  controlMode: 'pd_joint_delta_pos',
  observationDim: 42,
  actionDim: 8,
};

describe('a file of ManiSkill', () => {
  test('is read episode by episode, in numeric order', async () => {
    const dataset = await ManiSkillDataset.open(demoFixture('pick_cube'), PICK_CUBE);
    const episodes = [...dataset.trajectories()];
    dataset.close();
    expect(episodes.map((episode) => episode.episodeId)).toEqual([1, 2, 10]);
    expect(episodes.map((episode) => episode.length)).toEqual([74, 50, 79]);
    expect(dataset.notes).toEqual([]);
  });

  test('gives the values that h5py gives', async () => {
    const dataset = await ManiSkillDataset.open(demoFixture('pick_cube'), PICK_CUBE);
    const [episode] = [...dataset.trajectories()].slice(-1);
    const states = dataset.readEnvStates(dataset.record.episodes[2])!;
    dataset.close();
    expect(episode.observations.length).toBe(80 * 42);
    expect(Array.from(episode.observations.subarray(0, 4))).toEqual(
      [0.02663173, 0.40700465, -0.030908005, -1.9636631].map(Math.fround),
    );
    expect(episode.actions.at(3 * 8 + 5)).toBe(Math.fround(0.08855581));
    expect(episode.rewards?.at(-1)).toBe(1);
    expect(episode.success.indexOf(1)).toBe(73);
    expect(episode.terminated).toEqual(episode.success);
    expect(episode.truncated.indexOf(1)).toBe(49);
    expect(Object.keys(states.actors).sort()).toEqual(['cube', 'goal_site', 'table-workspace']);
    expect(states.actors['cube'].length).toBe(80 * 13);
    expect(states.actors['cube'][2 * 13 + 2]).toBeCloseTo(0.01999993436, 10);
    expect(states.articulations['panda'].length).toBe(80 * 31);
  });

  test('may be compressed with gzip and shuffle', async () => {
    const [plain] = await readAll(demoFixture('no_success'));
    const [packed] = await readAll(demoFixture('gzip'));
    expect(packed.observations).toEqual(plain.observations);
  });

  test('may lack rewards and success: termination means success', async () => {
    const [episode] = await readAll(demoFixture('no_success'));
    expect(episode.rewards).toBeNull();
    expect(episode.success).toEqual(episode.terminated);
  });

  test('may lack most of its json, which is noted', async () => {
    const path = await copyWithJson(folder, 'bare', (json) => {
      const { episodes } = JSON.parse(json);
      return JSON.stringify({
        episodes: episodes.map(({ episode_id }: { episode_id: number }) => ({ episode_id })),
      });
    });
    const dataset = await ManiSkillDataset.open(path, PICK_CUBE);
    dataset.close();
    expect(dataset.notes).toEqual([
      'the json names no env_id: not checked',
      'the json names no control_mode: not checked',
    ]);
  });
});

describe('what is wrong is named', () => {
  test.each([
    ['lzf', /traj_2\/actions is compressed with lzf.*gzip or without/],
    ['float16', /traj_2\/actions is float16; expected float32/],
    ['nan', /traj_2\/actions holds NaN at step 3, column 5/],
    ['inf', /traj_2\/rewards holds Infinity at step 1;/],
    ['pick_cube_raw', /traj_2\/obs holds no observations; expected obs_mode state\..*-o state/],
  ])('in %s.h5', async (name, message) => {
    await expectProblem(demoFixture(name), {}, message);
    await expectProblem(demoFixture(name), {}, new RegExp(`${name}\\.h5`));
  });

  test.each([
    [
      { envId: 'PushCube-v1' },
      /recorded in PickCube-v1; expected PushCube-v1\. Train .* train train\.dataset_path=.*pick_cube\.h5 env\.env_id=PickCube-v1$/,
    ],
    [
      { controlMode: 'pd_ee_delta_pose' },
      /control mode pd_joint_delta_pos; expected pd_ee_delta_pose.*-c pd_ee_delta_pose/,
    ],
    [{ observationDim: 35 }, /traj_1\/obs has shape \[75, 42\]; expected \[75, 35\]/],
    [{ actionDim: 7 }, /traj_1\/actions has shape \[74, 8\]; expected \[74, 7\]/],
  ])('when expecting %o', async (expected, message) => {
    await expectProblem(demoFixture('pick_cube'), expected, message);
  });

  test('when files are missing or broken', async () => {
    await expectProblem(join(folder, 'nothing.h5'), {}, /nothing\.h5: no such file/);
    await expectProblem(join(folder, 'nothing.json'), {}, /given by its \.h5 file/);

    const alone = join(folder, 'alone.h5');
    await copyFile(demoFixture('pick_cube'), alone);
    await expectProblem(alone, {}, /alone\.json: can't read the json/);

    const cut = join(folder, 'cut.h5');
    await writeFile(cut, (await readFile(demoFixture('pick_cube'))).subarray(0, 50_000));
    await expectProblem(cut, {}, /cut\.h5: truncated: it should have 10\d+ bytes and has 50000/);

    const text = join(folder, 'text.h5');
    await writeFile(text, 'not a dataset '.repeat(100));
    await expectProblem(text, {}, /text\.h5: not an HDF5 file/);
  });

  test('when the json disagrees with the h5', async () => {
    const broken = (name: string, change: (json: string) => string) => copyWithJson(folder, name, change);
    await expectProblem(
      await broken('unlisted', (json) => dropEpisode(json, 10)),
      {},
      /unlisted\.json: traj_10 of the \.h5 file is not listed/,
    );
    await expectProblem(
      await broken('extra', (json) => json.replace('"episode_id": 2,', '"episode_id": 3,')),
      {},
      /extra\.h5: no traj_3, but .*extra\.json lists/,
    );
    await expectProblem(
      await broken('lengths', (json) => json.replace('"elapsed_steps": 50', '"elapsed_steps": 51')),
      {},
      /traj_2 has 50 actions, but the json says elapsed_steps 51/,
    );
    await expectProblem(
      await broken('twice', (json) => json.replace('"episode_id": 2,', '"episode_id": 1,')),
      {},
      /episode_id 1 occurs twice/,
    );
    await expectProblem(
      await broken('syntax', (json) => json.slice(0, -20)),
      {},
      /syntax\.json: not valid JSON/,
    );
    await expectProblem(
      await broken('key', (json) => json.replace('"episode_id": 2,', '"episode_id": "two",')),
      {},
      /key\.json: key "episodes\.1\.episode_id"/,
    );
  });
});

async function readAll(path: string, expected: DatasetExpectation = {}) {
  const dataset = await ManiSkillDataset.open(path, expected);
  try {
    return [...dataset.trajectories()];
  } finally {
    dataset.close();
  }
}

async function expectProblem(path: string, expected: DatasetExpectation, message: RegExp): Promise<void> {
  const error = await readAll(path, expected).then(
    () => null,
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(message);
}

function dropEpisode(json: string, id: number): string {
  const metadata = JSON.parse(json);
  metadata.episodes = metadata.episodes.filter(
    (episode: { episode_id: number }) => episode.episode_id !== id,
  );
  return JSON.stringify(metadata);
}
