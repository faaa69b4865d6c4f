import { z } from 'zod';
import { originSchema } from '../origin.js';
import { readRows, writeRows } from './summary_files.js';

const count = () => z.int().nonnegative();

const schema = z.strictObject({
  algorithm: z.string(),
  /** The label of its dataset. */
  dataset: z.string(),
  seed: count(),
  state: z.enum(['finished', 'interrupted', 'failed']),
  /** Reason of the failure. */
  error: z.string().nullable(),
  command: z.string(),
  ...originSchema.shape,
  starts: z.int().positive(),
  /** Wall-clock time of its processes, from their start to their end. */
  seconds: z.number().nonnegative(),
  updates: count().nullable(),
  /** Episodes of the data, and those that succeed, as the task is judged; null where the data don't tell. */
  data: z.strictObject({ episodes: count(), successes: count().nullable() }),
  /** The measure of the scores: success as the task is judged, or the mean return. */
  measure: z.enum(['success_at_end', 'success_once', 'return']),
  /** Score of the last evaluation, and the mean of the last five; null before the first. */
  last: z.number().nullable(),
  final: z.number().nullable(),
  /** `final` between random actions, 0, and an expert, 100; null where there is no such scale. */
  normalized: z.number().nullable(),
});

/** A training of a comparison. */
export type ComparisonRun = z.output<typeof schema>;

/** The runs of a comparison, none if it was never made. Throws a UserError if the file can't be understood. */
export function readComparisonRuns(folder: string, rowId: string): ComparisonRun[] {
  return readRows(folder, rowId, schema);
}

/** Adds runs to those that are known, in place of older ones of the same training. */
export async function addComparisonRuns(
  folder: string,
  rowId: string,
  newer: readonly ComparisonRun[],
): Promise<void> {
  const isSame = (a: ComparisonRun, b: ComparisonRun) =>
    a.algorithm === b.algorithm && a.dataset === b.dataset && a.seed === b.seed;
  const older = readComparisonRuns(folder, rowId).filter((run) => !newer.some((other) => isSame(run, other)));
  await writeRows(folder, rowId, [...older, ...newer]);
}
