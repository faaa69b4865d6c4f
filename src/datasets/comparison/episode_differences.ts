import { type Column, type Columns, columnName, isNumbers } from '../column.js';
import { INTENDED_INFO, infoName, SUCCESS_INFO } from '../infos.js';
import { joinedColumn } from '../joined_columns.js';
import { isSameValue, metadataJson } from '../metadata.js';
import type { WholeEpisode } from '../whole_episode.js';
import { type ColumnDifference, columnDifference } from './column_difference.js';

/** A difference between two episodes: in one part, that both have or only one. */
export type EpisodeDifference = { part: string } & (
  | { kind: 'only'; in: 'a' | 'b' }
  | { kind: 'values'; values: [string, string] }
  | { kind: 'column'; column: ColumnDifference }
);

/**
 * The differences between two episodes, by their contents: what is the same by another name, or several columns here and one of the
 * same numbers there, is no difference between formats.
 */
export function episodeDifferences(a: WholeEpisode, b: WholeEpisode): EpisodeDifference[] {
  return [
    ...valueDifference('length', String(a.length), String(b.length)),
    ...columnDifferences('observations', ...alike('observations', a, b)),
    ...columnDifferences('actions', ...alike('actions', a, b)),
    ...columnDifferences('intended actions', a.intendedActions ?? new Map(), b.intendedActions ?? new Map()),
    ...columnDifferences('', partsOf(a), partsOf(b)),
    ...valueDifference('seed', a.seed?.toString(), b.seed?.toString()),
    ...columnDifferences('', untold(a), untold(b)),
    ...metadataDifferences(a, b),
  ];
}

/** Rewards and flags as columns. */
function partsOf({ length, rewards, terminated, truncated, success }: WholeEpisode): Columns {
  const flags = (data: Uint8Array): Column => ({ dtype: 'bool', shape: [length], data });
  return new Map<string, Column>([
    ...(rewards ? [['rewards', rewards] as const] : []),
    ['terminated', flags(terminated)],
    ['truncated', flags(truncated)],
    ...(success ? [['success', flags(success)] as const] : []),
  ]);
}

/** A part of both, under the same names where one has several columns and the other all of their numbers in one, or each has one. */
function alike(part: 'observations' | 'actions', a: WholeEpisode, b: WholeEpisode): [Columns, Columns] {
  const [x, y] = [a[part], b[part]];
  const areNamed = [...x.keys()].every((name) => y.has(name)) && x.size === y.size;
  const areNumbers = [...x.values(), ...y.values()].every(isNumbers);
  if (areNamed || (x.size > 1 && y.size > 1) || !areNumbers || x.size === 0 || y.size === 0) return [x, y];
  const joined = [x, y].map((columns) =>
    columns.size === 1 ? [...columns.values()][0] : joinedColumn('', part, columns),
  );
  return [new Map([['', joined[0]]]), new Map([['', joined[1]]])];
}

/** The extras that aren't told as success or intended actions too, by names that are the same in all formats. */
function untold({ extras, success, intendedActions }: WholeEpisode): Columns {
  const isTold = (name: string) =>
    (success && name === SUCCESS_INFO) ||
    (intendedActions && (name === INTENDED_INFO || name.startsWith(`${INTENDED_INFO}/`)));
  const named = [...extras].map(([name, column]): [string, Column] => [infoName(name), column]);
  return new Map(named.filter(([name]) => !isTold(name)));
}

function columnDifferences(part: string, a: Columns, b: Columns): EpisodeDifference[] {
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((path): EpisodeDifference[] => {
    const name = part === '' ? path : columnName(part, path);
    const [x, y] = [a.get(path), b.get(path)];
    if (!x || !y) return [{ part: name, kind: 'only', in: x ? 'a' : 'b' }];
    const column = columnDifference(x, y);
    return column ? [{ part: name, kind: 'column', column }] : [];
  });
}

function metadataDifferences(a: WholeEpisode, b: WholeEpisode): EpisodeDifference[] {
  const names = new Set([...a.metadata.keys(), ...b.metadata.keys()]);
  return [...names].flatMap((name) => {
    const [x, y] = [a.metadata.get(name), b.metadata.get(name)];
    if (isSameValue(x, y)) return [];
    return valueDifference(
      `metadata ${name}`,
      x === undefined ? undefined : metadataJson(x),
      y === undefined ? undefined : metadataJson(y),
    );
  });
}

function valueDifference(part: string, a: string | undefined, b: string | undefined): EpisodeDifference[] {
  if (a === b) return [];
  if (a === undefined || b === undefined) return [{ part, kind: 'only', in: b === undefined ? 'a' : 'b' }];
  return [{ part, kind: 'values', values: [a, b] }];
}

/**
 * The differences in what both episodes have. A lack is none, nor is another type of the same numbers, a row after the last step that
 * only one has, and an end that is told before the last step, as formats in which an episode ends by its first flag can't have it.
 */
export function commonDifferences(differences: readonly EpisodeDifference[]): EpisodeDifference[] {
  return differences.filter(isCommon);
}

function isCommon(difference: EpisodeDifference): boolean {
  switch (difference.kind) {
    case 'only':
      return false;
    case 'values':
      return true;
    case 'column': {
      const { types, first, rows, atEnd } = difference.column;
      const isEnd = difference.part === 'terminated' || difference.part === 'truncated';
      const hasFinalRow = rows !== null && Math.abs(rows[0] - rows[1]) === 1;
      if (rows !== null && !hasFinalRow) return true;
      if (types !== null && !areAlike(types)) return true;
      return first !== null && (!isEnd || atEnd);
    }
  }
}

/** True for rows of numbers of the same shape. One number a row is a vector of one elsewhere. */
function areAlike([a, b]: readonly [string, string]): boolean {
  const shape = (text: string) => /\[.*\]/.exec(text)?.[0] ?? '[1]';
  const isText = (text: string) => /^(string|bytes)/.test(text);
  return shape(a) === shape(b) && !isText(a) && !isText(b);
}
