import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { joinDemonstrations } from '../../../../src/buffers/demo_buffer.js';
import { readDemonstrations } from '../../../../src/buffers/demo_reading.js';
import { loadConfig } from '../../../../src/config/load.js';
import { arrayDataset } from '../../../../src/datasets/array_dataset.js';
import { confirmDatasets } from '../../../../src/training/dataset/dataset_record.js';
import { loadFromPath, loadFromPaths } from '../../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { OF_PICK_CUBE, WITHOUT_TASK } from '../../buffers/demo_options.js';
import { tinyConfig } from '../tiny_run.js';
import { expectSameRun, trained, trainedInTwo } from '../whole_run.js';

const workspace = folderOfTests();

const GOOD = 'test/fixtures/demos/pick_cube.h5';
const BAD = 'test/fixtures/demos/pick_cube_failures.h5';

it('datasets are one after another in the buffer, and summed up together', async () => {
  const [good, bad] = [await loadFromPath(GOOD, OF_PICK_CUBE), await loadFromPath(BAD, OF_PICK_CUBE)];
  const both = await loadFromPaths([GOOD, BAD], [3, 1], OF_PICK_CUBE);
  const { summary, buffer, parts } = both;
  expect(summary.episodes).toBe(good.summary.episodes + bad.summary.episodes);
  expect(summary.available).toBe(good.summary.available + bad.summary.available);
  expect(summary.successes).toBe(good.summary.successes! + bad.summary.successes!);
  expect(parts).toEqual([
    { first: 0, rows: good.buffer.size, share: 0.75 },
    { first: good.buffer.size, rows: bad.buffer.size, share: 0.25 },
  ]);
  const [rows] = buffer.getState().chunks;
  const [ofBad] = bad.buffer.getState().chunks;
  expect(rows.observations.slice(good.buffer.size * 42, buffer.size * 42)).toEqual(
    ofBad.observations.slice(0, bad.buffer.size * 42),
  );
  const mean = (part: typeof good) => part.summary.observationMean[0];
  const count = (part: typeof good) => part.summary.transitions + part.summary.episodes;
  const expected = (mean(good) * count(good) + mean(bad) * count(bad)) / (count(good) + count(bad));
  expect(summary.observationMean[0]).toBeCloseTo(expected, 5);
  expect(summary.notes).toContainEqual(
    expect.stringMatching(/pick_cube\.h5: 3 of 3 episodes.*, 75 % of the rows/),
  );
});

it('num_demos is the number of episodes of each', async () => {
  const { summary } = await loadFromPaths([GOOD, BAD], null, { ...OF_PICK_CUBE, numDemos: 2 });
  expect(summary.episodes).toBe(4);
});

it('one may be in another format than the other', async () => {
  const paths = ['test/fixtures/d4rl/pendulum.hdf5', 'test/fixtures/minari/pendulum'];
  const { summary, actionScale } = await loadFromPaths(paths, null, WITHOUT_TASK);
  const alone = await Promise.all(paths.map((path) => loadFromPath(path, WITHOUT_TASK)));
  expect(summary.transitions).toBe(alone[0].summary.transitions + alone[1].summary.transitions);
  expect(Array.from(actionScale!)).toEqual([0.5]);
});

const episode = (observations: Record<string, number[]>) => ({
  observations: Object.fromEntries(Object.entries(observations).map(([key, value]) => [key, [value, value]])),
  actions: [[0.5]],
  rewards: [1],
});
const read = async (observations: Record<string, number[]>, name: string, bound?: number) =>
  arrayDataset([episode(observations)], {
    name,
    ...(bound && { actionBounds: { low: [-bound], high: [bound] } }),
  });

it('columns of the same names are put into the order of the first dataset; others are taken as they come, and said', async () => {
  const first = await readDemonstrations(await read({ a: [1], b: [2, 3] }, 'first'), WITHOUT_TASK, null);
  const same = await readDemonstrations(await read({ b: [5, 6], a: [4] }, 'second'), WITHOUT_TASK, first);
  const [state] = joinDemonstrations([first, same], null, WITHOUT_TASK).buffer.getState().chunks;
  expect(Array.from(state.observations.slice(0, 6))).toEqual([1, 2, 3, 4, 5, 6]);
  const other = await readDemonstrations(await read({ x: [4, 5, 6] }, 'third'), WITHOUT_TASK, first);
  expect(other.notes).toContain(
    'its observations/x, actions are taken for observations/a, observations/b, actions of first',
  );
});

it('sizes and bounds of actions that differ are refused by the names of both datasets', async () => {
  const first = await readDemonstrations(await read({ a: [1] }, 'first', 2), WITHOUT_TASK, null);
  await expect(readDemonstrations(await read({ a: [1, 2] }, 'second'), WITHOUT_TASK, first)).rejects.toThrow(
    'second: episode 0: its observations have 2 numbers; first has 1',
  );
  const wider = await readDemonstrations(await read({ a: [1] }, 'wider', 4), WITHOUT_TASK, first);
  expect(() => joinDemonstrations([first, wider], null, WITHOUT_TASK)).toThrow(
    /first and wider declare other bounds for their actions/,
  );
});

it.each([
  [
    ['train.dataset_path=[a.h5, b.h5]', 'train.dataset_weights=[1]'],
    'has 1 numbers, and train.dataset_path is a list of 2',
  ],
  [['train.dataset_path=a.h5', 'train.dataset_weights=[1]'], 'train.dataset_path is no list'],
  [['train.dataset_path=[a.h5, ""]'], 'train.dataset_path.1: must not be empty'],
  [['train.dataset_path=[]'], 'train.dataset_path: must name a dataset'],
  [['train.dataset_path=[a.h5]', 'train.dataset_weights=[0]'], 'train.dataset_weights.0'],
])('%s is refused', (words, problem) => {
  expect(() => loadConfig('configs/base_rlpd_ms3.yml', words)).toThrow(problem);
});

const BOTH = [
  `train.dataset_path=[${GOOD},${BAD}]`,
  'train.dataset_weights=[3, 1]',
  'train.augment_mirror=False',
  'train.steps=80',
  'env.num_workers=0',
];

it('a training from several datasets that stops and goes on is the same to the bit, and remembers both', async () => {
  const whole = await trained(tinyConfig(join(workspace, 'whole'), BOTH));
  const { folder } = await trainedInTwo(tinyConfig(join(workspace, 'two'), BOTH), 8);
  await expectSameRun(folder, whole);
  expect(JSON.parse(readFileSync(whole.datasetRecordPath, 'utf8'))).toHaveLength(2);
  const options = { isMadeAgain: false, allowChanged: false, note() {} };
  expect(await confirmDatasets([GOOD, BAD], whole, options)).toHaveLength(2);
  await expect(confirmDatasets([GOOD], whole, options)).rejects.toThrow(
    /has learnt from .* and .*, not from/,
  );
  await expect(confirmDatasets([BAD, GOOD], whole, options)).rejects.toThrow('is not what');
});
