import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Dataset, File } from 'h5wasm/node';
import { expect, test } from 'vitest';
import { ManiSkillDataset } from '../../../../../src/datasets/formats/maniskill/reader.js';
import {
  type DatasetDescription,
  ManiSkillWriter,
  type RecordedTrajectory,
} from '../../../../../src/datasets/formats/maniskill/writer.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { demoFixture } from './fixtures.js';

const folder = folderOfTests();

const DESCRIPTION: DatasetDescription = {
  envId: 'PickCube-v1',
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'sparse',
  maxEpisodeSteps: 50,
  simBackend: 'rapier',
  sourceType: 'scripted',
  sourceDescription: 'a test',
  generator: { seed: 3 },
};

test('what ManiSkill recorded survives being read and written', async () => {
  const original = await ManiSkillDataset.open(demoFixture('pick_cube'));
  const path = join(folder, 'copy.h5');
  const writer = await ManiSkillWriter.create(path, DESCRIPTION);
  for (const episode of original.record.episodes) {
    writer.append({ ...original.read(episode), envStates: original.readEnvStates(episode) });
  }
  await writer.finish();

  const copy = await ManiSkillDataset.open(path, { ...DESCRIPTION, observationDim: 42, actionDim: 8 });
  expect(copy.record.episodes).toEqual(original.record.episodes);
  for (const episode of original.record.episodes) {
    expect(copy.read(episode)).toEqual(original.read(episode));
    expect(copy.readEnvStates(episode)).toEqual(original.readEnvStates(episode));
  }
  copy.close();
  original.close();
});

test('datasets have the types and layout of those of ManiSkill', async () => {
  const path = join(folder, 'types.h5');
  const writer = await ManiSkillWriter.create(path, DESCRIPTION);
  for (let id = 0; id < 3; id++) writer.append(smallEpisode(id));
  await writer.finish();

  const [ours, theirs] = [new File(path, 'r'), new File(demoFixture('pick_cube'), 'r')];
  for (const name of [
    'obs',
    'actions',
    'terminated',
    'truncated',
    'success',
    'rewards',
    'env_states/actors/cube',
  ]) {
    const { shape: _, total_size: __, maxshape: ___, ...written } = dataset(ours, `traj_2/${name}`).metadata;
    const {
      shape: _1,
      total_size: __1,
      maxshape: ___1,
      ...recorded
    } = dataset(theirs, `traj_2/${name}`).metadata;
    expect(written, name).toEqual(recorded);
    expect(dataset(ours, `traj_2/${name}`).filters).toEqual([]);
  }
  expect(dataset(ours, 'traj_2/success').to_array()).toEqual([false, false, true]);
  expect(dataset(ours, 'traj_2/obs').shape).toEqual([4, 2]);
  ours.close();
  theirs.close();
});

test('the json says what was recorded and how', async () => {
  const path = join(folder, 'json.h5');
  const writer = await ManiSkillWriter.create(path, DESCRIPTION);
  writer.append(smallEpisode(0));
  await writer.finish();
  expect(JSON.parse(await readFile(join(folder, 'json.json'), 'utf8'))).toEqual({
    env_info: {
      env_id: 'PickCube-v1',
      env_kwargs: {
        obs_mode: 'state',
        control_mode: 'pd_joint_delta_pos',
        reward_mode: 'sparse',
        sim_backend: 'rapier',
      },
      max_episode_steps: 50,
    },
    commit_info: null,
    source_type: 'scripted',
    source_desc: 'a test',
    generator: { seed: 3 },
    episodes: [
      {
        episode_id: 0,
        episode_seed: 100,
        control_mode: 'pd_joint_delta_pos',
        elapsed_steps: 3,
        reset_kwargs: { options: null, seed: 100 },
        success: true,
      },
    ],
  });
});

test('nothing is overwritten unless asked, and nothing is left of an aborted recording', async () => {
  const place = join(folder, 'place');
  await mkdir(place);
  const path = join(place, 'demos.h5');
  await writeFile(path, 'precious');
  await expect(ManiSkillWriter.create(path, DESCRIPTION)).rejects.toThrow(/demos\.h5 exists already/);

  const aborted = await ManiSkillWriter.create(path, DESCRIPTION, { overwrite: true });
  aborted.append(smallEpisode(0));
  await aborted.abort();
  expect(await readdir(place)).toEqual(['demos.h5']);
  expect(await readFile(path, 'utf8')).toBe('precious');

  const finished = await ManiSkillWriter.create(path, DESCRIPTION, { overwrite: true });
  finished.append(smallEpisode(0));
  await finished.finish();
  await finished.abort();
  expect((await readdir(place)).sort()).toEqual(['demos.h5', 'demos.json']);
});

test('intended actions are kept, and have to be as many as the actions', async () => {
  const path = join(folder, 'intended.h5');
  const writer = await ManiSkillWriter.create(path, DESCRIPTION);
  const intendedActions = Float32Array.of(1, 2, 3, 4, 5, 6);
  writer.append({ ...smallEpisode(0), intendedActions });
  writer.append(smallEpisode(1));
  expect(() => writer.append({ ...smallEpisode(2), intendedActions: new Float32Array(5) })).toThrow(
    /intended_actions has 5 values/,
  );
  await writer.abort();
});

test('impossible places and episodes are refused', async () => {
  await expect(ManiSkillWriter.create(join(folder, 'no', 'where.h5'), DESCRIPTION)).rejects.toThrow(
    /can't write .*where\.h5: its folder does not exist/,
  );
  const writer = await ManiSkillWriter.create(join(folder, 'sizes.h5'), DESCRIPTION);
  const episode = smallEpisode(0);
  expect(() => writer.append({ ...episode, observations: new Float32Array(7) })).toThrow(/obs has 7 values/);
  await writer.abort();
});

function smallEpisode(episodeId: number): RecordedTrajectory {
  return {
    episodeId,
    seed: 100 + episodeId,
    length: 3,
    observations: Float32Array.from({ length: 8 }, (_, i) => i + episodeId),
    actions: new Float32Array(6).fill(0.5),
    rewards: Float32Array.of(0, 0, 1),
    terminated: Uint8Array.of(0, 0, 1),
    truncated: Uint8Array.of(0, 0, 0),
    success: Uint8Array.of(0, 0, 1),
    envStates: { actors: { cube: new Float32Array(4 * 13) }, articulations: {} },
  };
}

function dataset(file: File, name: string): Dataset {
  const entity = file.get(name);
  if (!(entity instanceof Dataset)) throw new Error(`${name} is no dataset`);
  return entity;
}
