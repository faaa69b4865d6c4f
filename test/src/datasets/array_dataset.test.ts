import { expect, test } from 'vitest';
import { type ArrayEpisode, arrayDataset } from '../../../src/datasets/array_dataset.js';
import type { Episode } from '../../../src/datasets/episode.js';
import { UserError } from '../../../src/errors.js';

const EPISODE: ArrayEpisode = {
  observations: [
    [0, 0.1],
    [1, 1.1],
    [2, 2.1],
  ],
  actions: [[0.5], [-0.5]],
  rewards: [0, 1],
  terminated: [false, true],
  seed: 18446744073709551615n,
};

test('arrays are episodes as those of files are, in the precision that they have', async () => {
  const dataset = arrayDataset([EPISODE, { ...EPISODE, actions: Float32Array.of(1, 0) }]);
  const episodes: Episode[] = [];
  for await (const episode of dataset.episodes()) episodes.push(episode);
  const [first, second] = episodes;
  expect(first).toMatchObject({ id: 'episode 0', length: 2, seed: 18446744073709551615n, success: null });
  expect(first.observations.get('')).toEqual({
    dtype: 'float64',
    shape: [3, 2],
    data: Float64Array.of(0, 0.1, 1, 1.1, 2, 2.1),
  });
  expect([first.terminated, first.truncated]).toEqual([Uint8Array.of(0, 1), Uint8Array.of(0, 0)]);
  expect(second.actions.get('')).toEqual({ dtype: 'float32', shape: [2, 1], data: Float32Array.of(1, 0) });
});

test('parts of observations keep their names', async () => {
  const observations = { arm: [[1], [2], [3]], hand: [7, 8, 9] };
  const episode = await arrayDataset([{ ...EPISODE, observations }]).episode(0);
  expect([...episode.observations].map(([name, { shape }]) => [name, shape])).toEqual([
    ['arm', [3, 1]],
    ['hand', [3]],
  ]);
});

const CASES: [problem: string, episodes: ArrayEpisode[], message: RegExp][] = [
  ['no episodes', [], /mine: no episodes/],
  ['no steps', [{ ...EPISODE, rewards: [] }], /mine: episode 0 has no rewards/],
  [
    'no last observation',
    [{ ...EPISODE, observations: [[0], [1]] }],
    /episode 0\/observations has 2 rows; expected 3/,
  ],
  ['too few actions', [{ ...EPISODE, actions: [[0]] }], /episode 0\/actions has 1 rows; expected 2/],
  ['uneven rows', [{ ...EPISODE, actions: [[0], [1, 2]] }], /actions has 2 numbers in row 1; expected 1/],
  [
    'a typed array of no whole rows',
    [{ ...EPISODE, observations: new Float32Array(4) }],
    /4 numbers; expected a multiple/,
  ],
  ['flags of another length', [{ ...EPISODE, truncated: [true] }], /truncated has 1 values; expected 2/],
  ['no number', [{ ...EPISODE, actions: [[0], [Number.NaN]] }], /episode 0\/actions holds NaN at step 1/],
  [
    'episodes of other sizes',
    [
      EPISODE,
      {
        ...EPISODE,
        actions: [
          [0, 1],
          [1, 0],
        ],
      },
    ],
    /episode 1\/actions has rows of \[2\]; .* \[1\]/,
  ],
];

test.each(CASES)('refused: %s', (_, episodes, message) => {
  const make = () => arrayDataset(episodes, { name: 'mine' });
  expect(make).toThrow(UserError);
  expect(make).toThrow(message);
});

test('bounds around 0 stand for the range of a policy', async () => {
  const bounds = { low: [-4], high: [4] };
  const { head } = arrayDataset([EPISODE], { actionBounds: bounds });
  expect(head.declared.get('actions')).toMatchObject({ shape: [1], bounds });
});

test.each<[string, Partial<Record<keyof ArrayEpisode, unknown>>, string]>([
  ['texts', { observations: ['a', 'b', 'c'] }, 'episode 0/observations holds "a"; expected numbers'],
  [
    'nested names',
    { observations: { arm: { q: [1, 2, 3] } } },
    'episode 0/observations/arm is no list of numbers',
  ],
  ['nothing', { rewards: undefined }, 'episode 0 has no rewards; expected one for each step'],
])('%s are refused in place of numbers', (_, change, message) => {
  expect(() => arrayDataset([{ ...EPISODE, ...change } as ArrayEpisode])).toThrow(message);
});
