import { UserError } from '../../errors.js';
import type { RandomStream } from '../../rng.js';

/** The size of a part: a share below 1, a number of episodes, or what the others leave. */
export type PartSize = number | 'rest';

/**
 * Places of episodes by the names of their parts: each in one part, ascending within it. They are taken in order, or by chance with
 * a stream of random numbers. Throws a UserError if the sizes don't make up all episodes, or a part would have none.
 */
export function splitPlaces(
  episodes: number,
  sizes: ReadonlyMap<string, PartSize>,
  random: RandomStream | null,
): Map<string, number[]> {
  const order = random
    ? random.choose(episodes, episodes)
    : Array.from({ length: episodes }, (_, place) => place);
  let taken = 0;
  return new Map(
    [...countsOf(episodes, sizes)].map(([name, count]) => {
      const places = order.slice(taken, taken + count);
      taken += count;
      return [name, places.sort((a, b) => a - b)];
    }),
  );
}

/** The number of episodes of each part. */
function countsOf(episodes: number, sizes: ReadonlyMap<string, PartSize>): Map<string, number> {
  const given = [...sizes].filter((size): size is [string, number] => size[1] !== 'rest');
  const rest = [...sizes.keys()].filter((name) => sizes.get(name) === 'rest');
  if (rest.length > 1) throw new UserError(`${rest.join(' and ')} can't both be the rest`);
  const areShares = given.every(([, size]) => size < 1);
  if (!areShares && !given.every(([, size]) => Number.isInteger(size))) {
    throw new UserError('give shares below 1, such as 0.9, or numbers of episodes, not both');
  }
  const whole = areShares ? 1 : episodes;
  const sum = given.reduce((total, [, size]) => total + size, 0);
  const left = Math.abs(whole - sum) < 1e-9 ? 0 : whole - sum;
  if (left < 0 || (left > 0 && rest.length === 0)) {
    const all = areShares ? 'shares' : 'parts';
    const missing = left > 0 ? '; one part can be the rest, as in valid=rest' : '';
    throw new UserError(`the ${all} add up to ${Number(sum.toPrecision(12))}; expected ${whole}${missing}`);
  }
  const amounts = [...sizes].map(([name, size]): [string, number] => [name, size === 'rest' ? left : size]);
  const counts = areShares ? roundedTo(episodes, amounts) : new Map(amounts);
  for (const [name, count] of counts) {
    if (count === 0) throw new UserError(`${name} would have none of the ${episodes} episodes`);
  }
  return counts;
}

/** Shares as whole numbers that make up `total`: rounded down, and what is missing given to those that lost most. */
function roundedTo(total: number, shares: readonly (readonly [string, number])[]): Map<string, number> {
  // 0.7 × 10 is a little less than 7 in floating point.
  const exact = shares.map(([name, share]) => ({ name, size: Number((share * total).toPrecision(12)) }));
  const counts = new Map(exact.map(({ name, size }) => [name, Math.floor(size)]));
  const missing = total - [...counts.values()].reduce((sum, count) => sum + count, 0);
  const byLoss = exact.toSorted((a, b) => (b.size % 1) - (a.size % 1));
  for (const { name } of byLoss.slice(0, missing)) counts.set(name, counts.get(name)! + 1);
  return counts;
}
