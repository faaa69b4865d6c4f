import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { isNumbers, toFloat32 } from '../column.js';
import type { Dataset } from '../dataset.js';
import { checkStop, type VerifyOptions } from '../verification.js';
import { type WholeEpisode, wholeEpisode } from '../whole_episode.js';
import { commonDifferences, type EpisodeDifference, episodeDifferences } from './episode_differences.js';

/** Two episodes that were compared, by their places, and what differs between them. */
export interface EpisodePair {
  a: number;
  b: number;
  differences: EpisodeDifference[];
}

/** The comparison of two datasets. */
export interface DatasetComparison {
  /** True if each episode of one is in the other, in whatever order. */
  same: boolean;
  /** False if the episodes stand in another order. */
  inOrder: boolean;
  /** The number of pairs without differences. */
  equal: number;
  /** Pairs with differences, in the order of the first dataset. */
  differing: EpisodePair[];
  /** Places of episodes that the other dataset has no counterpart of. */
  only: { a: number[]; b: number[] };
}

export interface ComparisonOptions extends Pick<VerifyOptions, 'onEpisode' | 'signal'> {
  /** True compares only what both have: a lack of seeds, metadata or further arrays is no difference, nor another type of the same numbers. */
  common?: boolean;
}

/** Pairs whose differences are kept; the others are only counted as differing. */
const MAX_DETAILED = 1000;

/**
 * Compares the episodes of two datasets of any formats. They are paired in their order; where that gives differences, those with the
 * same actions and rewards are paired in whatever order they stand. One episode of each is in memory at a time.
 */
export async function compareDatasets(
  a: Dataset,
  b: Dataset,
  { common = false, onEpisode, signal }: ComparisonOptions = {},
): Promise<DatasetComparison> {
  const [countA, countB] = [a.head.ids.length, b.head.ids.length];
  const total = Math.max(countA, countB);
  const keys: { a: string[]; b: string[] } = { a: [], b: [] };
  const unequal: EpisodePair[] = [];
  for (let place = 0; place < total; place++) {
    checkStop(place < countA ? a.head.path : b.head.path, signal);
    const one = place < countA ? await read(a, place) : null;
    const other = place < countB ? await read(b, place) : null;
    if (one) keys.a.push(keyOf(one));
    if (other) keys.b.push(keyOf(other));
    if (one && other) {
      const differences = found(one, other, common);
      if (differences.length > 0) unequal.push(pair(place, place, differences, unequal.length));
    }
    onEpisode?.(place + 1, total);
    await setImmediate();
  }
  if (unequal.length === 0 && countA === countB) {
    return { same: true, inOrder: true, equal: total, differing: [], only: { a: [], b: [] } };
  }
  const inPlace = new Map(unequal.map((one) => [one.a, one]));
  const { pairs, only } = matched(keys.a, keys.b, inPlace);
  const differing: EpisodePair[] = [];
  for (const [place, match] of pairs) {
    checkStop(a.head.path, signal);
    const known = inPlace.get(place);
    const differences =
      place !== match
        ? found(await read(a, place), await read(b, match), common)
        : (known?.differences ?? []);
    if (differences.length > 0) differing.push(pair(place, match, differences, differing.length));
  }
  return {
    same: differing.length === 0 && only.a.length === 0 && only.b.length === 0,
    inOrder: pairs.every(([place, match]) => place === match),
    equal: pairs.length - differing.length,
    differing,
    only,
  };
}

function pair(a: number, b: number, differences: EpisodeDifference[], known: number): EpisodePair {
  // A dataset of which all differs would else be held in memory as sentences.
  return { a, b, differences: known < MAX_DETAILED ? differences : differences.slice(0, 1) };
}

function found(a: WholeEpisode, b: WholeEpisode, common: boolean): EpisodeDifference[] {
  const differences = episodeDifferences(a, b);
  return common ? commonDifferences(differences) : differences;
}

/** Pairs of places: those that are equal in place, then those with the same key, then what is left at the same place. */
function matched(
  a: readonly string[],
  b: readonly string[],
  unequal: ReadonlyMap<number, EpisodePair>,
): { pairs: [number, number][]; only: DatasetComparison['only'] } {
  const pairs: [number, number][] = [];
  const free = { a: new Set(a.keys()), b: new Set(b.keys()) };
  const take = (place: number, match: number) => {
    pairs.push([place, match]);
    free.a.delete(place);
    free.b.delete(match);
  };
  for (const place of a.keys()) {
    if (place < b.length && (!unequal.has(place) || a[place] === b[place])) take(place, place);
  }
  const waiting = new Map<string, number[]>();
  for (const match of free.b) waiting.set(b[match], [...(waiting.get(b[match]) ?? []), match]);
  for (const place of [...free.a]) {
    const match = waiting.get(a[place])?.shift();
    if (match !== undefined) take(place, match);
  }
  for (const place of [...free.a]) if (free.b.has(place)) take(place, place);
  return { pairs: pairs.sort(([x], [y]) => x - y), only: { a: [...free.a], b: [...free.b] } };
}

async function read(dataset: Dataset, place: number): Promise<WholeEpisode> {
  try {
    return await wholeEpisode(await dataset.episode(place));
  } catch (error) {
    if (!(error instanceof UserError) || error.message.startsWith(dataset.head.path)) throw error;
    throw new UserError(`${dataset.head.path}: ${error.message}`, { cause: error });
  }
}

/** A digest of an episode's length, actions and rewards, in a precision that every format has. */
function keyOf({ length, actions, rewards }: WholeEpisode): string {
  const hash = createHash('sha256').update(String(length));
  for (const column of [...actions.values(), ...(rewards ? [rewards] : [])]) {
    if (isNumbers(column)) hash.update(toFloat32(column));
  }
  return hash.digest('hex');
}
