import { setImmediate } from 'node:timers/promises';
import { nearestWord } from '../../../envs/nearest_word.js';
import { UserError } from '../../errors.js';
import type { Dataset } from '../dataset.js';
import type { MetadataValue } from '../metadata.js';
import { checkStop, type VerifyOptions } from '../verification.js';
import { named } from '../wording.js';
import { EPISODE_FIELDS, FieldReader } from './episode_fields.js';
import { evaluate } from './evaluate.js';
import { type Expression, parseExpression } from './expression.js';
import { placed } from './tokens.js';

/** The episodes that are wanted: those for which a condition is true, and of these the best. */
export interface EpisodeFilter {
  /** A condition such as `success and length < 50`; left out: all. */
  where?: string | undefined;
  /** The share of the episodes with the highest values of `by`, at least one; of equal ones the earlier counts as higher. */
  top?: number | undefined;
  /** A number of each episode such as `return / length`. */
  by?: string | undefined;
}

/** Episodes that a filter chose. */
export interface FilteredPlaces {
  /** Their places in the dataset, ascending. */
  places: number[];
  /** Episodes that were left out since the condition depends on what is not known of them. */
  unknown: number;
  /** The lowest value of `by` that was kept; null without `top`. */
  least: number | bigint | null;
}

/**
 * Chooses episodes of a dataset, reading no more of them than the filter needs. Throws a UserError that shows the place of what is
 * wrong in a condition, with the fields that there are where it names another, and if no episode is left.
 */
export async function filterPlaces(
  dataset: Dataset,
  { where, top, by = 'return' }: EpisodeFilter,
  { onEpisode, signal }: Pick<VerifyOptions, 'onEpisode' | 'signal'> = {},
): Promise<FilteredPlaces> {
  const { path, ids } = dataset.head;
  const condition = where === undefined ? null : parseExpression(where);
  const rank = top === undefined ? null : parseExpression(by);
  const expressions = [condition, rank].filter((expression) => expression !== null);
  const fields = new FieldReader(dataset, [...new Set(expressions.flatMap((one) => [...one.fields.keys()]))]);
  const kept: { place: number; rank: number | bigint }[] = [];
  let unknown = 0;
  for (const [place, id] of ids.entries()) {
    checkStop(path, signal);
    const values = await fields.read(place);
    const fieldValue = (name: string) => values.get(name) ?? null;
    try {
      const isWanted = condition === null || truthOf(condition, fieldValue);
      if (isWanted === null) unknown++;
      else if (isWanted) kept.push({ place, rank: rank ? rankOf(rank, fieldValue) : 0 });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      checkFields(path, fields, expressions);
      throw new UserError(`${path}: ${id}: ${error.message}`, { cause: error });
    }
    onEpisode?.(place + 1, ids.length);
    await setImmediate();
  }
  checkFields(path, fields, expressions);
  if (kept.length === 0) {
    const why = unknown > 0 ? `; of ${unknown} it is not known` : '';
    throw new UserError(`${path}: none of the ${ids.length} episodes is so: ${where}${why}`);
  }
  const best = top === undefined ? kept : highest(kept, top);
  const least =
    rank === null ? null : best.reduce((low, { rank }) => (rank < low ? rank : low), best[0].rank);
  return { places: best.map(({ place }) => place).sort((a, b) => a - b), unknown, least };
}

function truthOf(condition: Expression, fieldValue: (name: string) => MetadataValue): boolean | null {
  const value = evaluate(condition, fieldValue);
  if (value === null || typeof value === 'boolean') return value;
  throw placed(
    condition.text,
    condition.root.at,
    'this is no condition: its value is neither true nor false',
  );
}

function rankOf(rank: Expression, fieldValue: (name: string) => MetadataValue): number | bigint {
  const value = evaluate(rank, fieldValue);
  if (typeof value === 'boolean') return Number(value);
  const isNumber = typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value));
  if (isNumber) return value;
  throw placed(
    rank.text,
    rank.root.at,
    value === null ? 'this is not known' : 'this is no number to compare by',
  );
}

function highest<T extends { place: number; rank: number | bigint }>(
  episodes: readonly T[],
  share: number,
): T[] {
  const ranked = episodes.toSorted((a, b) =>
    a.rank === b.rank ? a.place - b.place : a.rank > b.rank ? -1 : 1,
  );
  return ranked.slice(0, Math.max(1, Math.round(share * ranked.length)));
}

/** Throws a UserError if a field is named that no episode so far has. */
function checkFields(path: string, fields: FieldReader, expressions: readonly Expression[]): void {
  const [stranger] = fields.unknown();
  if (stranger === undefined) return;
  const metadata = [...fields.metadataNames];
  const known = Object.keys(EPISODE_FIELDS);
  const near = nearestWord(stranger, [...known, ...metadata]);
  const meant = near === undefined ? '' : `; did you mean ${written(near)}?`;
  const { text, fields: places } = expressions.find((one) => one.fields.has(stranger))!;
  const { message } = placed(text, places.get(stranger)!, `no episode has ${stranger}${meant}`);
  const shown = metadata.length > 0 ? `, and of their metadata ${named(metadata.map(written))}` : '';
  throw new UserError(`${path}: ${message}\nEpisodes have ${known.join(', ')}${shown}`);
}

/** A name as it is written in a condition. */
function written(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `[${name}]`;
}
