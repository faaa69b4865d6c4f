import { type Column, isNumbers, rowSize, rowText, withNames } from './column.js';
import type { WholeEpisode } from './whole_episode.js';

/** A line of a table of steps: one of the numbers of a column, in each step. */
export interface NumberRow {
  /** `observations/arm 3` */
  name: string;
  values: string[];
}

const MAX_TEXT = 9;

/**
 * The first rows of all parts of an episode, as texts for a table: a line for each of the numbers of a row, `most` of them at most
 * for a column. Pictures are told by the mean of their numbers.
 */
export function episodeRows(episode: WholeEpisode, rows: number, most: number): NumberRow[] {
  const { length, observations, actions, intendedActions, rewards, terminated, truncated, success } = episode;
  const flags = (data: Uint8Array): Column => ({ dtype: 'bool', shape: [length], data });
  const columns: [name: string, column: Column][] = [
    ...withNames('observations', observations),
    ...withNames('actions', actions),
    ...withNames('intended actions', intendedActions ?? new Map()),
    ...(rewards ? [['rewards', rewards] as [string, Column]] : []),
    ['terminated', flags(terminated)],
    ['truncated', flags(truncated)],
    ...(success ? [['success', flags(success)] as [string, Column]] : []),
    ...episode.extras,
  ];
  return columns.flatMap(([name, column]) => linesOf(name, column, Math.min(rows, column.shape[0]), most));
}

function linesOf(name: string, column: Column, rows: number, most: number): NumberRow[] {
  const places = Array.from({ length: rows }, (_, row) => row);
  const width = rowSize(column);
  if (isPicture(column)) {
    const mean = (row: number) => {
      let sum = 0;
      for (let i = row * width; i < (row + 1) * width; i++) sum += Number(column.data[i]);
      return shown(sum / width);
    };
    return [{ name: `${name}, mean of ${rowText(column)}`, values: places.map(mean) }];
  }
  const count = Math.min(width, most);
  const lines = Array.from({ length: count }, (_, number) => ({
    name: width === 1 ? name : `${name} ${number}`,
    values: places.map((row) => shown(column.data[row * width + number])),
  }));
  return count === width ? lines : [...lines, { name: `${name}: ${width - count} more`, values: [] }];
}

function isPicture(column: Column): boolean {
  return isNumbers(column) && column.dtype === 'uint8' && column.shape.length > 2;
}

function shown(value: number | bigint | string | Uint8Array): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT - 1)}…` : value;
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value);
  const text = String(Number(value.toPrecision(5)));
  return text.length > MAX_TEXT ? value.toExponential(2) : text;
}
