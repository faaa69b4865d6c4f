import { type Columns, columnName, isNumbers, rowSize, rowText, toFloat32 } from '../datasets/column.js';
import type { LearningRules } from '../datasets/dataset.js';
import type { Episode } from '../datasets/episode.js';
import { type LastStep, lastStepOf } from '../datasets/last_step.js';
import { unlearnable } from '../datasets/learnable.js';
import { UserError } from '../errors.js';
import { returnOf } from './reward_scaling.js';

/** An episode of T steps as a learner takes it: each part one float32 array. */
export interface FlatEpisode {
  /** T: one less than was recorded, and maybe 0, where the last step is left out. */
  length: number;
  lastStep: LastStep;
  /** [T + 1, observationDim] */
  observations: Float32Array;
  /** [T, actionDim] */
  actions: Float32Array;
  /** [T, actionDim]; left out where it is not recorded. */
  intendedActions?: Float32Array;
  /** [T], as the terminations below. */
  rewards: Float32Array;
  /** The undiscounted sum of the rewards of all steps that were recorded. */
  return: number;
  /** All 0 where termination does not end what is to be gained. */
  terminated: Uint8Array;
  /** All steps that were recorded. */
  success: Uint8Array | null;
}

/** Numbers of an observation and of an action. */
export interface FlatSizes {
  observationDim: number;
  actionDim: number;
}

/**
 * Joins the columns of an episode without faults, in the order of `model`, the first episode of its dataset. Throws a UserError that names the column
 * that can't be learnt from: it holds pictures, texts or choices.
 */
export function flatten(
  path: string,
  episode: Episode,
  rules: LearningRules,
  model: Pick<Episode, 'observations' | 'actions'>,
): FlatEpisode & FlatSizes {
  const { id, success } = episode;
  const lastStep = lastStepOf(episode, rules);
  const length = lastStep === 'left out' ? episode.length - 1 : episode.length;
  const observations = join(`${path}: ${id}`, 'observations', episode.observations, model.observations);
  const actions = join(`${path}: ${id}`, 'actions', episode.actions, model.actions);
  const { intendedActions } = episode;
  const intended = intendedActions && join(`${path}: ${id}`, 'actions', intendedActions, model.actions);
  const rewards = rules.rewards(episode);
  const { data, width } = observations;
  return {
    length,
    lastStep,
    observations: lastStep === 'repeated' ? withLastRowAgain(data, width) : data,
    observationDim: width,
    actions: actions.data.subarray(0, length * actions.width),
    actionDim: actions.width,
    ...(intended && { intendedActions: intended.data.subarray(0, length * actions.width) }),
    rewards: rewards.subarray(0, length),
    return: returnOf(rewards),
    terminated: rules.terminationEnds ? episode.terminated.subarray(0, length) : new Uint8Array(length),
    success,
  };
}

function withLastRowAgain(data: Float32Array, width: number): Float32Array {
  const longer = new Float32Array(data.length + width);
  longer.set(data);
  longer.copyWithin(data.length, data.length - width, data.length);
  return longer;
}

function join(
  place: string,
  part: 'observations' | 'actions',
  columns: Columns,
  model: Columns,
): { data: Float32Array; width: number } {
  const joined = [...model.keys()].map((key): FlatColumn => {
    const column = columns.get(key)!;
    const name = columnName(part, key);
    const problem = unlearnable(part, column);
    if (problem === null && isNumbers(column)) {
      return { data: toFloat32(column), width: rowSize(column), rows: column.shape[0] };
    }
    throw new UserError(`${place}/${name} holds ${problem}; its ${part} are ${describe(columns)}`);
  });
  const width = joined.reduce((sum, column) => sum + column.width, 0);
  if (width === 0) throw new UserError(`${place} has no numbers in its ${part}`);
  return { data: joined.length === 1 ? joined[0].data : sideBySide(joined, width), width };
}

interface FlatColumn {
  data: Float32Array;
  width: number;
  rows: number;
}

function sideBySide(columns: readonly FlatColumn[], width: number): Float32Array {
  const all = new Float32Array(columns[0].rows * width);
  let offset = 0;
  for (const { data, width: size, rows } of columns) {
    for (let row = 0; row < rows; row++) {
      all.set(data.subarray(row * size, (row + 1) * size), row * width + offset);
    }
    offset += size;
  }
  return all;
}

/** `position float64 [2], mission string` */
function describe(columns: Columns): string {
  return [...columns].map(([path, column]) => `${path} ${rowText(column)}`.trim()).join(', ');
}
