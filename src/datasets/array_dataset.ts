import { UserError } from '../errors.js';
import type { ActionBounds } from './action_range.js';
import {
  type Columns,
  type NumberArrays,
  type NumberColumn,
  type NumberType,
  numberTypeOf,
} from './column.js';
import { type Dataset, type DatasetHead, type DeclaredColumn, inOrder } from './dataset.js';
import type { Episode } from './episode.js';
import { EpisodeChecks } from './episode_checks.js';
import { recordedRules } from './recorded_rules.js';

/** Rows of numbers: a list of rows, a list of single numbers, or a typed array with all rows one after another. */
export type ArrayRows =
  | readonly (readonly number[])[]
  | readonly number[]
  | NumberArrays[Exclude<NumberType, 'bool'>];

/** An episode of T steps as arrays, T being the number of rewards. */
export interface ArrayEpisode {
  /** T + 1 rows, the true final observation last; in one array, or in several by name. */
  observations: ArrayRows | Readonly<Record<string, ArrayRows>>;
  /** T rows, in the same way. */
  actions: ArrayRows | Readonly<Record<string, ArrayRows>>;
  /** [T] */
  rewards: ArrayLike<number>;
  /** [T]; left out: the task never terminated. */
  terminated?: ArrayLike<number | boolean>;
  /** [T]; left out: the episode was not cut off. */
  truncated?: ArrayLike<number | boolean>;
  /** [T]; left out: not known. */
  success?: ArrayLike<number | boolean>;
  seed?: number | bigint;
}

export interface ArrayOptions {
  /** Name of the dataset in messages. */
  name?: string;
  /** Bounds of each number of an action, of one array. Those around 0 become a policy's [−1, 1]. */
  actionBounds?: ActionBounds;
}

/**
 * A dataset from arrays in memory, by the contract that files keep. Throws a UserError if the arrays don't fit together, or hold
 * numbers that can't be learnt from.
 */
export function arrayDataset(
  arrays: readonly ArrayEpisode[],
  { name = 'arrays', actionBounds }: ArrayOptions = {},
): Dataset {
  if (arrays.length === 0) throw new UserError(`${name}: no episodes; expected one at least`);
  const head: DatasetHead = {
    path: name,
    envId: null,
    ids: arrays.map((_, index) => `episode ${index}`),
    declared: new Map(actionBounds && [['actions', declaredActions(name, actionBounds)]]),
    totals: { episodes: null, steps: null },
    facts: [],
    notes: [],
    problems: [],
  };
  const episodes = arrays.map((episode, index) => toEpisode(name, head.ids[index], episode));
  const checks = new EpisodeChecks(head, recordedRules(name));
  for (const episode of episodes) {
    const [problem] = checks.problemsOf(episode);
    if (problem !== undefined) throw new UserError(`${name}: ${problem}`);
  }
  const dataset: Dataset = {
    head,
    episode: async (index) => episodes[index],
    outcome: async (index) => episodes[index],
    episodes: () => inOrder(dataset),
    learningRules: () => recordedRules(name),
    close() {},
  };
  return dataset;
}

function declaredActions(name: string, bounds: ActionBounds): DeclaredColumn {
  const { low, high } = bounds;
  if (low.length === high.length) return { dtype: 'float64', shape: [low.length], bounds };
  throw new UserError(`${name}: actionBounds has ${low.length} low and ${high.length} high numbers`);
}

function toEpisode(name: string, id: string, episode: ArrayEpisode): Episode {
  const { observations, actions, rewards, terminated, truncated, success, seed } = episode;
  const place = `${name}: ${id}`;
  const length = rewards?.length ?? 0;
  if (length === 0) throw new UserError(`${place} has no rewards; expected one for each step`);
  const flags = (part: string, values: ArrayLike<number | boolean>) => {
    if (values.length === length) return Uint8Array.from(values, (flag) => (flag ? 1 : 0));
    throw new UserError(
      `${place}/${part} has ${values.length} values; expected ${length}, as many as rewards`,
    );
  };
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new UserError(`${place} has the seed ${seed}; expected a whole number, beyond 2^53 as a bigint`);
  }
  return {
    id,
    seed: seed === undefined ? null : BigInt(seed),
    length,
    hasFinalObservation: true,
    observations: toColumns(`${place}/observations`, observations, length + 1),
    actions: toColumns(`${place}/actions`, actions, length),
    rewards: { dtype: 'float64', shape: [length], data: Float64Array.from(rewards) },
    terminated: flags('terminated', terminated ?? new Uint8Array(length)),
    truncated: flags('truncated', truncated ?? new Uint8Array(length)),
    success: success ? flags('success', success) : null,
    extras: async () => new Map(),
  };
}

function toColumns(place: string, part: ArrayEpisode['observations'], rows: number): Columns {
  if (isRows(part)) return new Map([['', toColumn(place, part, rows)]]);
  return new Map(
    Object.entries(part).map(([path, column]) => [path, toColumn(`${place}/${path}`, column, rows)]),
  );
}

function isRows(part: ArrayEpisode['observations']): part is ArrayRows {
  return Array.isArray(part) || ArrayBuffer.isView(part);
}

function toColumn(place: string, values: ArrayRows, rows: number): NumberColumn {
  if (ArrayBuffer.isView(values)) {
    const dtype = numberTypeOf(values);
    if (dtype === null)
      throw new UserError(`${place} is a ${values.constructor.name}, which can't be read here`);
    const width = values.length / rows;
    if (Number.isInteger(width)) return { dtype, shape: [rows, width], data: values };
    throw new UserError(`${place} has ${values.length} numbers; expected a multiple of its ${rows} rows`);
  }
  if (!Array.isArray(values))
    throw new UserError(`${place} is no list of numbers or rows, and no typed array`);
  const list: readonly (number | readonly number[])[] = values;
  const strange = list.flat().find((value) => typeof value !== 'number');
  if (strange !== undefined)
    throw new UserError(`${place} holds ${JSON.stringify(strange)}; expected numbers`);
  const [first] = list;
  if (typeof first === 'number') {
    return { dtype: 'float64', shape: [list.length], data: Float64Array.from(list as readonly number[]) };
  }
  const uneven = list.findIndex((row) => (row as readonly number[]).length !== first?.length);
  if (uneven >= 0) {
    throw new UserError(
      `${place} has ${(list[uneven] as readonly number[]).length} numbers in row ${uneven}; expected ${first.length}`,
    );
  }
  const data = Float64Array.from(list.flat());
  return { dtype: 'float64', shape: [list.length, first?.length ?? 0], data };
}
