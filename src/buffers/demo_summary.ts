import { type SuccessMeasure, succeeds } from '../../envs/success.js';
import { type ColumnRange, columnRange } from '../datasets/column_range.js';
import type { EpisodeOutcome } from '../datasets/episode.js';
import { figure, named } from '../datasets/wording.js';
import { median } from '../median.js';
import type { FlatEpisode, FlatSizes } from './flat_episode.js';

/** The outcome of demonstrations. */
export interface DemoOutcome {
  episodes: number;
  /** Steps of the longest episode. */
  longest: number;
  /** Episodes that succeed, by the measure `judgedBy`; null where it is not known of all. */
  successes: number | null;
  judgedBy: SuccessMeasure;
  /** Median over the episodes that have a success of the steps until the first; null if none is known to have one. */
  medianFirstSuccess: number | null;
}

/** Summary of what was loaded from a dataset, for the console and the logs. */
export interface DemoSummary extends DemoOutcome {
  path: string;
  /** Steps that are learnt from. */
  transitions: number;
  /** Episodes in the file, whether used or not. */
  available: number;
  /** Range of each action dimension as recorded, before any scaling. */
  actionRange: ColumnRange;
  observationRange: ColumnRange;
  observationMean: Float32Array;
  observationStd: Float32Array;
  /** Remarks for the user: fewer episodes than asked for, facts that could not be checked. */
  notes: string[];
}

/** Summarises episodes of one dataset. */
export function summariseDemos(
  episodes: readonly FlatEpisode[],
  { observationDim, actionDim }: FlatSizes,
  judgedBy: SuccessMeasure,
): Omit<DemoSummary, 'path' | 'available' | 'notes'> {
  const observations = episodes.map((episode) => episode.observations);
  return {
    ...demoOutcome(episodes.map(recorded), judgedBy),
    transitions: episodes.reduce((sum, episode) => sum + episode.length, 0),
    actionRange: columnRange(
      episodes.map((episode) => episode.actions),
      actionDim,
    ),
    observationRange: columnRange(observations, observationDim),
    ...columnMoments(observations, observationDim),
  };
}

/** A remark on the numbers of an observation that are the same in all data: none that learns from these can use them. */
export function constantNotes({ min, max }: ColumnRange): string[] {
  const constant = [...min.keys()].filter((index) => min[index] === max[index]);
  if (constant.length === 0) return [];
  return [
    `the same in all of its observations: ${named(constant.map((index) => `number ${index} (${figure(min[index])})`))}`,
  ];
}

/** The outcome of an episode with the step that learning leaves out. */
function recorded({ length, lastStep, success }: FlatEpisode): Pick<EpisodeOutcome, 'length' | 'success'> {
  return { length: lastStep === 'left out' ? length + 1 : length, success };
}

/** Looks only at the flags of success. */
export function demoOutcome(
  episodes: readonly Pick<EpisodeOutcome, 'length' | 'success'>[],
  judgedBy: SuccessMeasure,
): DemoOutcome {
  const known = episodes.flatMap(({ success }) => (success ? [success] : []));
  const firstSuccesses = known.map((success) => success.indexOf(1) + 1).filter((steps) => steps > 0);
  return {
    episodes: episodes.length,
    longest: episodes.reduce((most, episode) => Math.max(most, episode.length), 0),
    successes:
      known.length < episodes.length ? null : known.filter((success) => succeeds(judgedBy, success)).length,
    judgedBy,
    medianFirstSuccess: firstSuccesses.length > 0 ? median(firstSuccesses) : null,
  };
}

/** Mean and population standard deviation of each column, in two passes so that large offsets lose no digits. */
function columnMoments(arrays: readonly Float32Array[], width: number) {
  const rows = arrays.reduce((sum, array) => sum + array.length / width, 0);
  const mean = columnSums(arrays, width, (value) => value).map((sum) => sum / rows);
  const variance = columnSums(arrays, width, (value, column) => (value - mean[column]) ** 2);
  return {
    observationMean: Float32Array.from(mean),
    observationStd: Float32Array.from(variance, (sum) => Math.sqrt(sum / rows)),
  };
}

function columnSums(
  arrays: readonly Float32Array[],
  width: number,
  term: (value: number, column: number) => number,
): Float64Array {
  const sums = new Float64Array(width);
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) sums[i % width] += term(array[i], i % width);
  }
  return sums;
}
