import type { Dual, Optimiser, Step, Value } from './step.js';

/** The results of one update, for metrics and for the steps of dual variables. */
export interface UpdateRecord {
  /** All rows of a value: [batch × width], of an ensemble [members × batch × width]. Don't write to it. */
  rows(value: Value): Float32Array;
  /** One member's rows of an ensemble's value [batch × width]. */
  member(value: Value, index: number): Float32Array;
  /** The sum of the squares of the gradient in an optimiser's step: of one member, or of a single network as member 0. */
  squaredNorm(optimiser: Optimiser, member: number): number;
  /** A dual variable, not its logarithm, as the update used it, before its own step. */
  dual(dual: Dual): number;
}

/**
 * A number for the loggers from each update in which the step `after` runs. `of` must read the same values whatever
 * they hold: the engine runs it once on zeros to find them.
 */
export interface Metric {
  name: string;
  after: Step;
  of(record: UpdateRecord): number;
}

/** A metric, rounded to single precision. */
export function metric(name: string, after: Step, of: Metric['of']): Metric {
  return { name, after, of: (record) => Math.fround(of(record)) };
}

const ACROSS = {
  mean,
  min: (values: readonly number[]) => Math.min(...values),
  max: (values: readonly number[]) => Math.max(...values),
  /** The length of a vector of which the members' numbers are squared parts. */
  norm: (values: readonly number[]) => Math.sqrt(sum(values)),
};

/** A metric of the ensemble that the step `after` runs over: the numbers of its members, joined by `across`. */
export function memberMetric(
  name: string,
  after: Step,
  across: keyof typeof ACROSS,
  of: (record: UpdateRecord, member: number) => number,
): Metric {
  const { over } = after;
  if (typeof over === 'string') throw new Error(`metric ${name}: step ${after.name} has no members`);
  const members = Array.from({ length: over.members }, (_, k) => k);
  return { name, after, of: (record) => ACROSS[across](members.map((k) => Math.fround(of(record, k)))) };
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

export function lowest(values: Float32Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]);
  return least;
}

export function highest(values: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]);
  return most;
}

/** The mean of all members' values. */
export function meanOfAll(members: readonly Float32Array[]): number {
  let total = 0;
  // One running sum, as over a single array.
  for (const values of members) for (let i = 0; i < values.length; i++) total += values[i];
  return total / (members.length * members[0].length);
}

/** The mean over the rows of the lowest of the members' values. */
export function meanOfLowest(members: readonly Float32Array[]): number {
  return mean(members[0].map((_, row) => Math.min(...members.map((values) => values[row]))));
}

/** The mean of (a − b)². */
export function meanSquaredDifference(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] - b[i]) ** 2;
  return total / a.length;
}

/** The standard deviation between the members' values of a row, averaged over the rows. */
export function disagreement(members: readonly Float32Array[]): number {
  const rows = members[0].length;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let [sum, sumOfSquares] = [0, 0];
    // Differences from the first member: squares of the values themselves would cancel badly.
    for (const values of members) {
      const difference = values[row] - members[0][row];
      sum += difference;
      sumOfSquares += difference * difference;
    }
    const mean = sum / members.length;
    total += Math.sqrt(Math.max(0, sumOfSquares / members.length - mean * mean));
  }
  return total / rows;
}
