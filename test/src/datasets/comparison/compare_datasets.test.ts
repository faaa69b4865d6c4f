import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Column } from '../../../../src/datasets/column.js';
import { compareDatasets } from '../../../../src/datasets/comparison/compare_datasets.js';
import { convertDataset } from '../../../../src/datasets/conversion/convert.js';
import type { Episode } from '../../../../src/datasets/episode.js';
import { openDataset, WRITABLE_FORMATS } from '../../../../src/datasets/registry.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { datasetOf, floats, fullEpisode, plainEpisode } from '../everything.js';

/** An episode with actions of its own. */
const acting = (index: number, from: number, more: Partial<Episode> = {}): Episode => ({
  ...plainEpisode(index),
  actions: new Map([['', floats(3, 1, from)]]),
  ...more,
});
const changed = (row: number, value: number): Column => {
  const column = floats(4, 2, 0);
  (column.data as Float32Array)[row * 2 + 1] = value;
  return column;
};
const comparison = (a: Episode[], b: Episode[], common = false) =>
  compareDatasets(datasetOf(a), datasetOf(b), { common });

it('episodes with the same contents are the same, of whatever kind', async () => {
  const both = () => [fullEpisode(0), fullEpisode(1, 5)];
  expect(await comparison(both(), both())).toEqual({
    same: true,
    inOrder: true,
    equal: 2,
    differing: [],
    only: { a: [], b: [] },
  });
});

it('a difference is told by its episode, part, row and values', async () => {
  const other = { ...plainEpisode(0), observations: new Map([['', changed(2, 9)]]), seed: 5n };
  const { same, differing } = await comparison([plainEpisode(0), plainEpisode(1)], [other, plainEpisode(1)]);
  expect(same).toBe(false);
  expect(differing).toEqual([
    {
      a: 0,
      b: 0,
      differences: [
        {
          part: 'observations',
          kind: 'column',
          column: {
            types: null,
            rows: null,
            differing: 1,
            first: { row: 2, number: 1, values: ['0.625', '9'] },
            atEnd: false,
          },
        },
        { part: 'seed', kind: 'values', values: ['18446744073709551615', '5'] },
      ],
    },
  ]);
});

it('episodes in another order are paired by what they did', async () => {
  const [a, b, c] = [acting(0, 0), acting(1, 50), acting(2, 100)];
  expect(await comparison([a, b, c], [c, a, b])).toMatchObject({ same: true, inOrder: false, equal: 3 });
  const { differing, only, equal } = await comparison([a, b, c], [b, { ...c, seed: 5n }]);
  expect({ equal, only }).toEqual({ equal: 1, only: { a: [0], b: [] } });
  expect(differing).toMatchObject([{ a: 2, b: 1, differences: [{ part: 'seed' }] }]);
});

it('episodes that are there twice are paired once each', async () => {
  const twice = [acting(0, 0), acting(0, 0), acting(1, 50)];
  expect(await comparison(twice, [acting(1, 50), acting(0, 0), acting(0, 0)])).toMatchObject({ same: true });
  const { only } = await comparison(twice, [acting(0, 0), acting(1, 50)]);
  expect(only).toEqual({ a: [1], b: [] });
});

it('only what both have is compared if that is asked for', async () => {
  const doubles: Column = {
    ...floats(4, 2),
    dtype: 'float64',
    data: Float64Array.from(floats(4, 2).data as Float32Array),
  } as Column;
  const lacking = {
    ...plainEpisode(0),
    observations: new Map([['', doubles]]),
    seed: null,
    success: null,
    metadata: new Map([['author', 'Ada']]),
  };
  const strict = await comparison([plainEpisode(0)], [lacking]);
  expect(strict.differing[0].differences.map(({ part, kind }) => [part, kind])).toEqual([
    ['observations', 'column'],
    ['success', 'only'],
    ['seed', 'only'],
    ['metadata author', 'only'],
  ]);
  expect((await comparison([plainEpisode(0)], [lacking], true)).same).toBe(true);
  const other = { ...lacking, actions: new Map([['', floats(3, 1, 1)]]) };
  expect((await comparison([plainEpisode(0)], [other], true)).same).toBe(false);
});

it.each(['minari', 'robomimic'])('what was converted to %s is the same in all that both have', async (to) => {
  const output = join(folderOfTest(), to === 'minari' ? 'made-v0' : 'made.hdf5');
  await convertDataset('test/fixtures/demos/pick_cube.h5', WRITABLE_FORMATS.get(to)!, output);
  const [a, b] = [await openDataset('test/fixtures/demos/pick_cube.h5'), await openDataset(output)];
  expect(await compareDatasets(a, b, { common: true })).toMatchObject({
    same: true,
    inOrder: true,
    equal: 3,
  });
  expect((await compareDatasets(a, b)).same).toBe(false);
  a.close();
  b.close();
});

it('several columns are the same as one array of all their numbers', async () => {
  const several = {
    ...plainEpisode(0),
    actions: new Map([
      ['arm', floats(3, 2)],
      ['grip', floats(3, 1)],
    ]),
  };
  const joined: Column = {
    dtype: 'float32',
    shape: [3, 3],
    data: Float32Array.of(0, 0.125, 0, 0.25, 0.375, 0.125, 0.5, 0.625, 0.25),
  };
  const one = { ...plainEpisode(0), actions: new Map([['', joined]]) };
  expect((await comparison([several], [one])).same).toBe(true);
});
