import { type SuccessMeasure, succeeds } from '../../envs/success.js';
import { type ColumnRange, columnRange } from '../datasets/column_range.js';
import type { EpisodeOutcome } from '../datasets/episode.js';
import { median } from '../median.js';
import type { FlatEpisode, FlatSizes } from './flat_episode.js';

/** The outcome of demonstrations. */
export interface DemoOutcome {
  episodes: number;
  transitions: number;
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
  /** Episodes in the file, whether used or not. */
  available: number;
  /** Range of each action dimension as recorded, before any scaling. */
  actionRange: ColumnRange;
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
    ...demoOutcome(episodes, judgedBy),
    actionRange: columnRange(
      episodes.map((episode) => episode.actions),
      actionDim,
    ),
    ...columnMoments(observations, observationDim),
  };
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
    transitions: episodes.reduce((sum, episode) => sum + episode.length, 0),
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
