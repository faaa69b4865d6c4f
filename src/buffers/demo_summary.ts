import { type ColumnRange, columnRange } from '../datasets/column_range.js';
import type { Trajectory } from '../datasets/formats/maniskill/trajectory.js';

/** How demonstrations went. */
export interface DemoOutcome {
  episodes: number;
  transitions: number;
  /** Episodes whose last step is a success. */
  successes: number;
  /** Steps until the first success, of the median episode that has one; null if none has. */
  medianFirstSuccess: number | null;
}

/** Summary of what was loaded from a dataset, for the console and the logs. */
export interface DemoSummary extends DemoOutcome {
  path: string;
  /** Episodes in the file, whether used or not. */
  available: number;
  /** Of each action dimension as recorded, before any scaling. */
  actionRange: ColumnRange;
  observationMean: Float32Array;
  observationStd: Float32Array;
  /** What the user should know: fewer episodes than asked for, facts that could not be checked. */
  notes: string[];
}

/** Summarises trajectories with observations [T + 1, observationDim] and actions [T, actionDim]. */
export function summariseDemos(
  trajectories: readonly Trajectory[],
  observationDim: number,
  actionDim: number,
): Omit<DemoSummary, 'path' | 'available' | 'notes'> {
  const observations = trajectories.map((trajectory) => trajectory.observations);
  return {
    ...demoOutcome(trajectories),
    actionRange: columnRange(
      trajectories.map((trajectory) => trajectory.actions),
      actionDim,
    ),
    ...columnMoments(observations, observationDim),
  };
}

/** Looks only at the flags of success. */
export function demoOutcome(trajectories: readonly Pick<Trajectory, 'length' | 'success'>[]): DemoOutcome {
  const firstSuccesses = trajectories
    .map((trajectory) => trajectory.success.indexOf(1) + 1)
    .filter((steps) => steps > 0)
    .sort((a, b) => a - b);
  return {
    episodes: trajectories.length,
    transitions: trajectories.reduce((sum, trajectory) => sum + trajectory.length, 0),
    successes: trajectories.filter(({ success, length }) => success[length - 1] === 1).length,
    medianFirstSuccess: firstSuccesses[firstSuccesses.length >> 1] ?? null,
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
