import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { datasetInfo } from '../../../../../src/datasets/formats/maniskill/dataset_info.js';
import { problemsOf } from '../../../../../src/datasets/formats/maniskill/verify_dataset.js';
import { demoFixture } from './fixtures.js';

test('a dataset is described', async () => {
  const path = demoFixture('pick_cube');
  const { actionRange, ...info } = await datasetInfo(path);
  expect(info).toMatchObject({
    path,
    sizeBytes: 108_397,
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    record: {
      envId: 'PickCube-v1',
      maxEpisodeSteps: 50,
      obsMode: 'state',
      rewardMode: 'normalized_dense',
    },
    episodes: 3,
    lengths: [50, 74, 79],
    successOnce: 3,
    successAtEnd: 3,
    observations: new Map([['', [42]]]),
    withRewards: 3,
    withEnvStates: 3,
  });
  expect(info.envStates.get('actors/cube')).toEqual([13]);
  expect(info.envStates.get('articulations/panda')).toEqual([31]);
  expect(actionRange!.min[1]).toBeCloseTo(-0.8004, 4);
  expect(actionRange!.max[1]).toBeCloseTo(0.6405, 4);
});

test('a dataset may lack observations, simulator states and successes', async () => {
  const raw = await datasetInfo(demoFixture('pick_cube_raw'));
  expect(raw).toMatchObject({
    record: { obsMode: 'none' },
    observations: new Map(),
    withRewards: 0,
    withEnvStates: 1,
  });
  const failures = await datasetInfo(demoFixture('pick_cube_failures'));
  expect(failures).toMatchObject({
    successOnce: 1,
    successAtEnd: 1,
    withEnvStates: 0,
    record: { rewardMode: null },
  });
  expect(failures.lengths).toEqual([49, 50]);
});

test('what cannot be read is a problem, and the rest is described', async () => {
  const lzf = await datasetInfo(demoFixture('lzf'));
  expect(lzf).toMatchObject({ lengths: [4], actionRange: null, observations: new Map([['', [42]]]) });
  expect(problemsOf(lzf)).toEqual([expect.stringMatching(/^traj_2\/actions is compressed with lzf/)]);
});

test('the work is shown as it goes on, and stops where it is asked to', async () => {
  const path = demoFixture('pick_cube');
  const seen: string[] = [];
  const onEpisode = (done: number, total: number) => seen.push(`${done} of ${total} episodes`);
  const onBytes = (done: number, total: number) => seen.push(`${done} of ${total} bytes`);
  await datasetInfo(path, { onEpisode, onBytes });
  expect(seen.slice(0, 3)).toEqual(['1 of 3 episodes', '2 of 3 episodes', '3 of 3 episodes']);
  expect(seen.at(-1)).toBe('108397 of 108397 bytes');

  const signal = { aborted: false };
  const stop = () => {
    signal.aborted = true;
  };
  await expect(datasetInfo(path, { onEpisode: stop, signal })).rejects.toThrow(
    /interrupted: .*pick_cube\.h5/,
  );
  signal.aborted = false;
  const stopAtLast = (done: number) => {
    signal.aborted = done === 3;
  };
  await expect(datasetInfo(path, { onEpisode: stopAtLast, signal })).rejects.toThrow(/interrupted/);
});
