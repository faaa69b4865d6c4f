import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rowText } from '../../../../../src/datasets/column.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import type { SurveyedColumn } from '../../../../../src/datasets/survey.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { demoFixture } from './fixtures.js';

const rowOf = (column: SurveyedColumn | undefined) => column && rowText(column.type);

test('a dataset is described', async () => {
  const path = demoFixture('pick_cube');
  const { columns, ...info } = await datasetInfo(path);
  const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(info).toMatchObject({
    path,
    format: 'ManiSkill',
    files: [
      { name: 'h5', bytes: 108_397, sha256: sha256(path) },
      { name: 'json', sha256: sha256(path.replace(/h5$/, 'json')) },
    ],
    episodes: 3,
    ends: { terminated: 3, truncated: 3, open: 0 },
    success: { known: 3, once: 3, atEnd: 3 },
  });
  expect(info.lengths.toSorted()).toEqual([50, 74, 79]);
  expect(Object.fromEntries(info.facts)).toMatchObject({
    task: 'PickCube-v1, horizon 50',
    'obs mode': 'state',
    'reward mode': 'normalized_dense',
  });
  expect(rowOf(columns.get('obs'))).toBe('float32 [42]');
  expect(rowOf(columns.get('env_states/actors/cube'))).toBe('float32 [13]');
  expect(rowOf(columns.get('env_states/articulations/panda'))).toBe('float32 [31]');
  for (const name of ['rewards', 'env_states/actors/cube']) expect(columns.get(name)!.episodes).toBe(3);
  const { range } = columns.get('actions')!;
  expect(range!.min[1]).toBeCloseTo(-0.8004, 4);
  expect(range!.max[1]).toBeCloseTo(0.6405, 4);
});

test('a dataset may lack observations, simulator states and successes', async () => {
  const raw = await datasetInfo(demoFixture('pick_cube_raw'));
  expect(Object.fromEntries(raw.facts)).toMatchObject({ 'obs mode': 'none' });
  expect([raw.columns.has('obs'), raw.columns.has('rewards')]).toEqual([false, false]);
  expect(raw.columns.get('env_states/actors/cube')!.episodes).toBe(1);
  const failures = await datasetInfo(demoFixture('pick_cube_failures'));
  expect(failures.success).toEqual({ known: 2, once: 1, atEnd: 1 });
  expect(Object.fromEntries(failures.facts)).toMatchObject({ 'reward mode': 'unknown' });
  expect([...failures.columns.keys()].some((name) => name.startsWith('env_states'))).toBe(false);
  expect(failures.lengths.toSorted()).toEqual([49, 50]);
});

test('what cannot be read is a problem, and the rest is described', async () => {
  const lzf = await datasetInfo(demoFixture('lzf'));
  expect(lzf.lengths).toEqual([4]);
  expect(lzf.columns.get('actions')!.range).toBeNull();
  expect(rowOf(lzf.columns.get('obs'))).toBe('float32 [42]');
  expect(problemsOf(lzf)).toEqual([expect.stringMatching(/^traj_2\/actions is compressed with lzf/)]);
});

test('the work is shown as it goes on, and stops where it is asked to', async () => {
  const path = demoFixture('pick_cube');
  const seen: string[] = [];
  const onEpisode = (done: number, total: number) => seen.push(`${done} of ${total} episodes`);
  const onBytes = (done: number, total: number) => seen.push(`${done} of ${total} bytes`);
  await datasetInfo(path, { onEpisode, onBytes });
  expect(seen.slice(0, 3)).toEqual(['1 of 3 episodes', '2 of 3 episodes', '3 of 3 episodes']);
  expect(seen.at(-1)).toMatch(/^(\d+) of \1 bytes$/);

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
