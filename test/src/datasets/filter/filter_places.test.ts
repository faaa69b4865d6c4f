import { expect, it } from 'vitest';
import type { NumberColumn } from '../../../../src/datasets/column.js';
import type { Episode } from '../../../../src/datasets/episode.js';
import { type EpisodeFilter, filterPlaces } from '../../../../src/datasets/filter/filter_places.js';
import { datasetOf, plainEpisode } from '../everything.js';

const gaining = (index: number, reward: number, more: Partial<Episode> = {}): Episode => {
  const rewards: NumberColumn = { dtype: 'float64', shape: [3], data: new Float64Array(3).fill(reward) };
  return { ...plainEpisode(index), rewards, metadata: new Map([['worker', index % 2]]), ...more };
};

const EPISODES = [
  gaining(0, 1),
  gaining(1, 3, { success: null }),
  gaining(2, 2, { success: new Uint8Array(3) }),
  gaining(3, 3, { success: Uint8Array.of(1, 0, 0), metadata: new Map() }),
];
const dataset = datasetOf(EPISODES, { metadata: new Map([['mask/train', [0, 2]]]) });
const places = async (filter: EpisodeFilter) => (await filterPlaces(dataset, filter)).places;

it.each<[string, number[]]>([
  ['return > 3', [1, 2, 3]],
  ['success', [0]],
  ['not success', [2, 3]],
  ['success_once and not success_at_end', [3]],
  ['success == null', [1]],
  ['terminated', [0]],
  ['not truncated and index >= 2', [2, 3]],
  ['seed == 18446744073709551613', [2]],
  ["id == 'full 1'", [1]],
  ['worker == 0', [0, 2]],
  ['worker == null', [3]],
  ['[mask/train]', [0, 2]],
  ['not [mask/train] and worker == 1', [1]],
])('%s', async (where, expected) => {
  expect(await places({ where })).toEqual(expected);
});

it('the best are those with the highest numbers, of equal ones the earlier', async () => {
  expect(await places({ top: 0.5 })).toEqual([1, 3]);
  expect(await places({ top: 0.25 })).toEqual([1]);
  expect(await places({ top: 0.01 })).toEqual([1]);
  expect(await places({ top: 0.5, by: '-return' })).toEqual([0, 2]);
  expect(await places({ where: 'success != null', top: 0.34 })).toEqual([3]);
  expect((await filterPlaces(dataset, { top: 0.5, by: 'return / length' })).least).toBe(3);
});

it('episodes of which a condition is not known are left out and counted', async () => {
  expect(await filterPlaces(dataset, { where: 'success' })).toMatchObject({ places: [0], unknown: 1 });
});

it('a field that no episode has is named with its place, the nearest one, and those that there are', async () => {
  await expect(places({ where: 'worker == 1 and lenght > 3' })).rejects.toThrow(
    'memory: no episode has lenght; did you mean length?:\n' +
      '  worker == 1 and lenght > 3\n' +
      '                  ^\n' +
      'Episodes have index, id, length, return, success, success_at_end, success_once, terminated, truncated, seed, and of ' +
      'their metadata [mask/train], worker',
  );
  await expect(places({ top: 0.5, by: 'retrun' })).rejects.toThrow('did you mean return?');
});

it('refuses what leaves no episode, is no condition, or ranks by what is not known', async () => {
  await expect(places({ where: 'length > 9' })).rejects.toThrow('none of the 4 episodes is so: length > 9');
  await expect(places({ where: 'length' })).rejects.toThrow('full 0: this is no condition');
  await expect(places({ top: 0.5, by: 'success' })).rejects.toThrow('full 1: this is not known');
});

it('neither observations nor actions are asked for where rewards or metadata are enough', async () => {
  const asked: (readonly string[])[] = [];
  const watched = {
    ...dataset,
    episode: async (index: number, leftOut: ReadonlySet<string> = new Set()) => {
      asked.push([...leftOut]);
      return dataset.episode(index);
    },
  };
  await filterPlaces(watched, { where: 'length > 1 and seed != 1' });
  expect(asked).toEqual([]);
  await filterPlaces(watched, { where: 'return > 1' });
  expect(asked).toEqual([[], ...new Array(3).fill(['observations', 'actions'])]);
});
