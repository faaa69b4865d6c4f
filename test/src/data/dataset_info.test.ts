import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { datasetInfo } from '../../../src/data/dataset_info.js';
import { demoFixture } from './fixtures.js';

test('a dataset is described', async () => {
  const path = demoFixture('pick_cube');
  const { actionRange, ...info } = await datasetInfo(path);
  expect(info).toMatchObject({
    path,
    sizeBytes: 108_397,
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    envId: 'PickCube-v1',
    maxEpisodeSteps: 50,
    controlModes: ['pd_joint_delta_pos'],
    obsMode: 'state',
    rewardMode: 'normalized_dense',
    lengths: [50, 74, 79],
    successOnce: 3,
    successAtEnd: 3,
    observations: new Map([['', [42]]]),
    withRewards: 3,
    withEnvStates: 3,
  });
  expect(info.envStates.get('actors/cube')).toEqual([13]);
  expect(info.envStates.get('articulations/panda')).toEqual([31]);
  expect(actionRange.min[1]).toBeCloseTo(-0.8004, 4);
  expect(actionRange.max[1]).toBeCloseTo(0.6405, 4);
});

test('a dataset may lack observations, simulator states and successes', async () => {
  const raw = await datasetInfo(demoFixture('pick_cube_raw'));
  expect(raw).toMatchObject({ obsMode: 'none', observations: new Map(), withRewards: 0, withEnvStates: 1 });
  const failures = await datasetInfo(demoFixture('pick_cube_failures'));
  expect(failures).toMatchObject({ successOnce: 1, successAtEnd: 1, withEnvStates: 0, rewardMode: null });
  expect(failures.lengths).toEqual([49, 50]);
});

test('what cannot be read is refused', async () => {
  await expect(datasetInfo(demoFixture('lzf'))).rejects.toThrow(
    /lzf\.h5: traj_2\/actions is compressed with lzf/,
  );
});
