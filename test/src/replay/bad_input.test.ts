import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File } from 'h5wasm/node';
import { expect, test } from 'vitest';
import type { RewardMode } from '../../../envs/env.js';
import type { RecordedTrajectory } from '../../../src/datasets/formats/maniskill/writer.js';
import { planReplay } from '../../../src/replay/plan.js';
import { replayDataset } from '../../../src/replay/replay.js';
import { folderOfTests } from '../../temporary_folder.js';
import { copyWithJson, demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { changedCopy, OPTIONS, REQUEST, readAll, replay, SILENT } from './support.js';

const folder = folderOfTests();

function onlyIn(id: number, change: (episode: RecordedTrajectory) => Partial<RecordedTrajectory>) {
  return (episode: RecordedTrajectory) => (episode.episodeId === id ? change(episode) : {});
}

/** `array` with a NaN at `index`. */
function spoilt(array: Float32Array, index: number): Float32Array {
  return array.with(index, Number.NaN);
}

const BAD_EPISODES: [string, (episode: RecordedTrajectory) => Partial<RecordedTrajectory>, RegExp][] = [
  [
    'nan_action',
    ({ actions }) => ({ actions: spoilt(actions, 83) }),
    /traj_2\/actions holds NaN at step 10, column 3/,
  ],
  ['no_states', () => ({ envStates: null }), /traj_2 has no recorded states/],
  [
    'nan_state',
    ({ envStates }) => ({
      envStates: {
        ...envStates!,
        actors: { ...envStates!.actors, cube: spoilt(envStates!.actors.cube, 27) },
      },
    }),
    /traj_2\/env_states\/actors\/cube holds NaN at step 2, column 1/,
  ],
  [
    'no_cube',
    ({ envStates }) => {
      const { cube: _, ...actors } = envStates!.actors;
      return { envStates: { ...envStates!, actors } };
    },
    /traj_2\/env_states, state 0: PickCube-v1: the state lacks the actor "cube"/,
  ],
  [
    'a cube in the table',
    ({ envStates }) => ({
      envStates: {
        ...envStates!,
        actors: { ...envStates!.actors, cube: envStates!.actors.cube.with(2, -0.01) },
      },
    }),
    /traj_2\/env_states, state 0: PickCube-v1: the state can't be: "cube" is 30 mm deep in "table-workspace"/,
  ],
];

test.each(BAD_EPISODES)(
  'an episode with %s ends the replay, or is skipped',
  async (name, change, message) => {
    const place = join(folder, name);
    await mkdir(place);
    const path = await changedCopy(place, 'source', onlyIn(2, change));
    const output = join(place, 'out.h5');
    await expect(replay(path, { output })).rejects.toThrow(message);
    await expect(replay(path, { output })).rejects.toThrow(/--allow-failure skips such episodes/);
    expect((await readdir(place)).sort()).toEqual(['source.h5', 'source.json']);

    const { result } = await replay(path, { output, allowFailure: true });
    expect(result).toMatchObject({ replayed: 2, succeeded: 2, kept: 2 });
    expect(result.skipped).toEqual([{ episodeId: 2, reason: expect.stringMatching(message) }]);
    expect((await readAll(output)).map(({ episodeId }) => episodeId)).toEqual([1, 10]);
  },
);

test('an episode that is missing from the file ends the replay, or is skipped', async () => {
  const path = await copyWithJson(folder, 'missing', (json) =>
    json.replace('"episode_id": 2', '"episode_id": 7'),
  );
  await expect(replay(path)).rejects.toThrow(/no traj_7, but .*missing\.json lists that episode/);
  const { result } = await replay(path, { allowFailure: true });
  expect(result).toMatchObject({ replayed: 2, kept: 2 });
  expect(result.skipped).toEqual([{ episodeId: 7, reason: expect.stringContaining('traj_7') }]);
});

test('actions of another size than the control mode takes are named', async () => {
  const path = await copyWithJson(folder, 'sizes', (json) =>
    json.replaceAll('pd_joint_delta_pos', 'pd_ee_delta_pose'),
  );
  await expect(replay(path)).rejects.toThrow(/traj_1\/actions has shape \[74, 8\]; expected \[74, 7\]/);
});

test.each([
  [
    'unknown_task',
    ['PickCube-v1', 'PickCubes-v1'],
    /unknown environment "PickCubes-v1"; did you mean "PickCube-v1"\? known: Pick/,
  ],
  ['no_task', ['"env_id": "PickCube-v1",', ''], /the json names no env_id/],
  ['unknown_mode', ['pd_joint_delta_pos', 'pd_joint_vel'], /PickCube-v1 has no control mode "pd_joint_vel"/],
  [
    'obs_mode',
    ['"obs_mode": "state"', '"obs_mode": "rgbd"'],
    /obs_mode rgbd is not available here; choose -o/,
  ],
])('a file with %s is refused', async (name, [from, to], message) => {
  const path = await copyWithJson(folder, name, (json) => json.replaceAll(from, to));
  await expect(replay(path, { obsMode: null })).rejects.toThrow(message);
});

test('rewards are the finest that the task has; others are refused', async () => {
  const path = await copyWithJson(folder, 'sparse_only', (json) =>
    json.replaceAll('PickCube-v1', 'PlugCharger-v1'),
  );
  const planOf = async (rewardMode: RewardMode | null) =>
    (await planReplay({ ...REQUEST, trajPath: path, rewardMode })).plan.rewardMode;
  expect(await planOf(null)).toBe('sparse');
  await expect(planOf('dense')).rejects.toThrow('--reward-mode: PlugCharger-v1 has no dense reward');
});

test('episodes of several control modes are refused', async () => {
  const path = await copyWithJson(folder, 'mixed', (json) =>
    json.replace(/("episode_id": 2,[^}]*)pd_joint_delta_pos/, '$1pd_joint_pos'),
  );
  await expect(replay(path)).rejects.toThrow(/several control modes: pd_joint_delta_pos, pd_joint_pos/);
});

test('foreign episodes without states are refused', async () => {
  const path = demoFixture('pick_cube_failures');
  await expect(replay(path)).rejects.toThrow(/not made here.*no recorded states/);
  for (const flag of ['useEnvStates', 'useFirstEnvState'] as const) {
    await expect(replay(path, { [flag]: true })).rejects.toThrow(/no recorded states .*--use-.*needs/);
  }
});

test('episodes made here need no states, but a seed', async () => {
  const generator = { name: 'rlpd' };
  const path = await changedCopy(folder, 'seedless', () => ({ envStates: null, seed: null }), { generator });
  await expect(replay(path)).rejects.toThrow(/traj_1 has no episode_seed/);
  const seeded = await changedCopy(folder, 'seeded', () => ({ envStates: null }), { generator });
  const { result } = await replay(seeded, { allowFailure: true });
  expect(result).toMatchObject({ replayed: 3, error: null });
});

test('damaged and foreign files are refused', async () => {
  const json = await readFile(demoFixture('pick_cube').replace(/h5$/, 'json'));
  const bytes = await readFile(demoFixture('pick_cube'));
  const truncated = join(folder, 'truncated.h5');
  await writeFile(truncated, bytes.subarray(0, bytes.length / 2));
  await expect(replay(truncated)).rejects.toThrow(/truncated\.h5: truncated: it should have/);
  const alone = join(folder, 'alone.h5');
  await writeFile(alone, bytes);
  await expect(replay(alone)).rejects.toThrow(/alone\.json: can't read the json/);
  await writeFile(join(folder, 'alone.json'), json);
  await expect(replay(alone, { targetControlMode: 'pd_joint_vel' })).rejects.toThrow(
    /--target-control-mode: .*no control mode "pd_joint_vel"; it has: pd_joint_delta_pos/,
  );
});

test('data in an unreadable compression is named', async () => {
  const path = join(folder, 'lzf.h5');
  await copyFile(demoFixture('lzf'), path);
  const json = JSON.parse(await readFile(demoFixture('lzf').replace(/h5$/, 'json'), 'utf8'));
  await writeFile(join(folder, 'lzf.json'), JSON.stringify({ ...json, generator: { name: 'rlpd' } }));
  await expect(replay(path)).rejects.toThrow(/traj_2\/actions is compressed with lzf/);
});

test('states keep their actions: they are not combined with a conversion', async () => {
  const options = { useEnvStates: true, targetControlMode: 'pd_joint_pos' };
  await expect(replay(demoFixture('pick_cube'), options)).rejects.toThrow(/can't be combined with -c/);
});

test('nothing is overwritten unless asked, and never the input', async () => {
  const place = join(folder, 'place');
  await mkdir(place);
  const path = await changedCopy(place, 'trajectory.state.x', () => ({}));
  const { result } = await replay(path, { saveTraj: true, useEnvStates: true });
  expect(result.outputPath).toBe(join(place, 'trajectory.state.pd_joint_delta_pos.rapier.h5'));
  await expect(replay(path, { saveTraj: true })).rejects.toThrow(/exists already/);
  await replay(path, { saveTraj: true, overwrite: true });
  await expect(replay(path, { output: path, overwrite: true })).rejects.toThrow(/is the input itself/);
  new File(path, 'r').close();
});

test('a replay of which nothing is left, or that is interrupted, writes nothing', async () => {
  const place = join(folder, 'nothing');
  await mkdir(place);
  const path = await changedCopy(place, 'idle', ({ actions }) => ({ actions: actions.map(() => 0) }));
  const output = join(place, 'out.h5');
  await expect(replay(path, { output })).rejects.toThrow(/out\.h5 was not written.*0 of 3.*--allow-failure/);

  const stop = new AbortController();
  let done = 0;
  const listener = {
    ...SILENT,
    onEpisode: () => {
      done++;
      stop.abort();
    },
  };
  const options = { ...OPTIONS, trajPath: demoFixture('pick_cube'), saveTraj: true, output };
  expect(await replayDataset(options, listener, stop.signal)).toBeNull();
  expect(done).toBe(1);
  expect((await readdir(place)).sort()).toEqual(['idle.h5', 'idle.json']);
});
