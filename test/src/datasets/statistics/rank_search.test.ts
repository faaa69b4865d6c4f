import { expect, it } from 'vitest';
import { RankSearch } from '../../../../src/datasets/statistics/rank_search.js';
import { namedStream } from '../../../../src/rng.js';

/** The values with all ranks, and the number of passes, where so many values are collected at most. */
function sortedBy(values: readonly number[], collected: number): { found: number[]; passes: number } {
  const search = new RankSearch();
  const ranks = [...values.keys()];
  for (const value of values) search.count(value);
  search.begin(ranks);
  let passes = 1;
  while (search.open > 0) {
    if (search.open > collected) search.narrow();
    else search.collect();
    for (const value of values) search.add(value);
    search.end();
    passes++;
  }
  return { found: ranks.map((rank) => search.value(rank)), passes };
}

const random = namedStream(5, 'sample-episodes');
const SERIES: Record<string, number[]> = {
  'random numbers': Array.from({ length: 300 }, () => random.normal()),
  'numbers that begin with the same bits': Array.from(
    { length: 300 },
    (_, i) => 1 + ((i * 7) % 300) * 2 ** -52,
  ),
  'negative ones that begin with the same bits': Array.from(
    { length: 300 },
    (_, i) => -1 - ((i * 7) % 300) * 2 ** -52,
  ),
  'equal numbers': new Array(300).fill(-0.1),
  'numbers of all sizes': [
    5e-324,
    -5e-324,
    1.7e308,
    -1.7e308,
    Infinity,
    -Infinity,
    1e-310,
    0,
    3,
    -3,
    255,
    256,
  ],
  'whole numbers': Array.from({ length: 300 }, () => random.integer(20) - 10),
};

it.each(Object.entries(SERIES))('%s are found by their ranks, in memory or not', (_, values) => {
  const sorted = [...Float64Array.from(values).sort()];
  expect(sortedBy(values, 1000)).toEqual({ found: sorted, passes: 2 });
  const { found, passes } = sortedBy(values, 0);
  expect(found).toEqual(sorted);
  expect(passes).toBeLessThanOrEqual(7);
});
