import { expect, it } from 'vitest';
import type { Column } from '../../../../src/datasets/column.js';
import { openDataset } from '../../../../src/datasets/registry.js';
import { datasetStatistics } from '../../../../src/datasets/statistics/dataset_statistics.js';
import { datasetOf, floats, fullEpisode, plainEpisode } from '../everything.js';

const doubles = (values: number[]): Column => ({
  dtype: 'float64',
  shape: [values.length],
  data: Float64Array.from(values),
});

it('quantiles, mean and deviation are those of Python', async () => {
  const values = [0.3, -1.25, 7, 2.5, 2.5, 0, -3.5, 11];
  const episode = { ...plainEpisode(0, 7), observations: new Map([['', doubles(values)]]) };
  const { columns } = await datasetStatistics(datasetOf([episode]));
  // statistics.fmean, pstdev, and quantiles(values, n=100, method='inclusive'), which is numpy's default.
  expect(columns.get('observations')?.series[0]).toEqual({
    count: 8,
    nan: 0,
    mean: expect.closeTo(2.31875, 14),
    deviation: expect.closeTo(4.378779617370575, 14),
    min: -3.5,
    max: 11,
    q01: expect.closeTo(-3.3425, 14),
    q10: expect.closeTo(-1.925, 14),
    q50: 1.4,
    q90: expect.closeTo(8.2, 14),
    q99: expect.closeTo(10.72, 14),
    histogram: expect.any(Array),
  });
});

it('each number of a row has statistics of its own, pictures each channel', async () => {
  const { columns, notes } = await datasetStatistics(datasetOf([fullEpisode(0), fullEpisode(1, 5)]));
  expect([...columns].map(([name, { by, series }]) => [name, by, series.length])).toEqual([
    ['observations/arm/_0', 'numbers', 2],
    ['observations/arm/_1', 'numbers', 1],
    ['observations/camera', 'channels', 1],
    ['observations/touch', 'numbers', 2],
    ['actions/grip', 'numbers', 1],
    ['actions/move', 'numbers', 3],
    ['rewards', 'numbers', 1],
  ]);
  expect(columns.get('observations/camera')?.series[0]).toMatchObject({ count: 60, min: 0, max: 35 });
  expect(columns.get('observations/touch')?.series[0]).toMatchObject({ count: 10, max: 0 });
  expect(columns.get('observations/touch')?.series[1]).toMatchObject({ count: 10, min: 1 });
  expect(notes).toEqual(['observations/mission holds texts or bytes: no statistics']);
});

it('returns and lengths are those of whole episodes, and histograms have every number once', async () => {
  const dataset = await openDataset('test/fixtures/demos/pick_cube.h5');
  const { returns, lengths, columns, steps } = await datasetStatistics(dataset);
  dataset.close();
  expect([lengths.min, lengths.q50, lengths.max, steps]).toEqual([50, 74, 79, 203]);
  expect(returns?.count).toBe(3);
  for (const { series } of columns.values()) {
    for (const { histogram, count } of series) {
      expect(histogram?.reduce((sum, number) => sum + number, 0)).toBe(count);
    }
  }
});

it('NaN is counted and left out, and there is no histogram of an infinite range', async () => {
  const observations = new Map([['', doubles([1, Number.NaN, 3, Number.POSITIVE_INFINITY])]]);
  const { columns } = await datasetStatistics(datasetOf([{ ...plainEpisode(0), observations }]));
  expect(columns.get('observations')?.series[0]).toMatchObject({
    count: 3,
    nan: 1,
    min: 1,
    q50: 3,
    max: Number.POSITIVE_INFINITY,
    histogram: null,
  });
  const none = new Map([['', doubles(new Array(4).fill(Number.NaN))]]);
  const empty = await datasetStatistics(datasetOf([{ ...plainEpisode(0), observations: none }]));
  expect(empty.columns.get('observations')?.series[0]).toMatchObject({
    count: 0,
    nan: 4,
    mean: null,
    q50: null,
  });
});

it('an episode with other rows is named, and a stop ends the work', async () => {
  const wide = { ...plainEpisode(1), observations: new Map([['', floats(4, 3)]]) };
  await expect(datasetStatistics(datasetOf([plainEpisode(0), wide]))).rejects.toThrow(
    'memory: full 1/observations has rows of [3]; in the episodes before [2]',
  );
  const stopped = datasetStatistics(datasetOf([plainEpisode(0)]), { signal: { aborted: true } });
  await expect(stopped).rejects.toThrow('interrupted');
});
