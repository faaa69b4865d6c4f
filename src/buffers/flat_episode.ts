import { unusableValues, wrongRows } from '../datasets/array_checks.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  rowSize,
  rowText,
  toFloat32,
} from '../datasets/column.js';
import type { LearningRules } from '../datasets/dataset.js';
import type { Episode } from '../datasets/episode.js';
import { UserError } from '../errors.js';

/** An episode of T steps as a learner takes it: each part one float32 array. */
export interface FlatEpisode {
  length: number;
  /** [T + 1, observationDim] */
  observations: Float32Array;
  /** [T, actionDim] */
  actions: Float32Array;
  /** [T], as the two below. */
  rewards: Float32Array;
  /** All 0 where termination does not end what is to be gained. */
  terminated: Uint8Array;
  success: Uint8Array | null;
}

/** How many numbers an observation and an action have. */
export interface FlatSizes {
  observationDim: number;
  actionDim: number;
}

/**
 * Joins an episode's columns, in their order. Throws a UserError that names the column that can't be learnt from: it is
 * missing, holds pictures, texts, choices or numbers that are not finite, or has another number of rows.
 */
export function flatten(path: string, episode: Episode, rules: LearningRules): FlatEpisode & FlatSizes {
  const { id, length, success } = episode;
  const place = `${path}: ${id}`;
  const observations = join(place, 'observations', episode.observations, length + 1, isPicture);
  const actions = join(place, 'actions', episode.actions, length, isChoice);
  const rewards = rules.rewards(episode);
  checkValues(`${place}/rewards`, rewards, 1);
  return {
    length,
    observations: observations.data,
    observationDim: observations.width,
    actions: actions.data,
    actionDim: actions.width,
    rewards,
    terminated: rules.terminationEnds ? episode.terminated : new Uint8Array(length),
    success,
  };
}

/** Finds out what numbers a column holds that can't be learnt from, in words; null if it can. */
type Objection = (column: NumberColumn) => string | null;

const isPicture: Objection = ({ dtype, shape }) =>
  dtype === 'uint8' && shape.length > 2 ? 'pictures, which no network here sees yet' : null;

const isChoice: Objection = ({ dtype }) =>
  dtype.startsWith('float')
    ? null
    : 'discrete actions, and a policy here acts by continuous ones (float32, float64)';

function join(
  place: string,
  part: string,
  columns: Columns,
  rows: number,
  objection: Objection,
): { data: Float32Array; width: number } {
  if (columns.size === 0) throw new UserError(`${place} has no ${part}`);
  const joined = [...columns].map(([path, column]) => {
    const name = `${place}/${columnName(part, path)}`;
    const problem = isNumbers(column) ? objection(column) : 'texts or bytes, which no network here sees yet';
    if (problem !== null || !isNumbers(column)) {
      throw new UserError(`${name} holds ${problem}; its ${part} are ${describe(columns)}`);
    }
    const wrong = wrongRows(column.shape, rows);
    if (wrong !== null) throw new UserError(`${name} ${wrong}`);
    const data = toFloat32(column);
    checkValues(name, data, rowSize(column));
    return { data, width: rowSize(column) };
  });
  const width = joined.reduce((sum, column) => sum + column.width, 0);
  if (width === 0) throw new UserError(`${place} has no numbers in its ${part}`);
  return { data: joined.length === 1 ? joined[0].data : sideBySide(joined, rows, width), width };
}

function sideBySide(
  columns: readonly { data: Float32Array; width: number }[],
  rows: number,
  width: number,
): Float32Array {
  const all = new Float32Array(rows * width);
  let offset = 0;
  for (const column of columns) {
    for (let row = 0; row < rows; row++) {
      all.set(column.data.subarray(row * column.width, (row + 1) * column.width), row * width + offset);
    }
    offset += column.width;
  }
  return all;
}

function describe(columns: Columns): string {
  return [...columns]
    .map(([path, column]: [string, Column]) => `${path} ${rowText(column)}`.trim())
    .join(', ');
}

function checkValues(name: string, data: Float32Array, width: number): void {
  const problem = unusableValues(data, width);
  if (problem !== null) throw new UserError(`${name} ${problem}; drop that episode`);
}
