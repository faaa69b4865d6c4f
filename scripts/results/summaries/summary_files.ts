import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../src/errors.js';
import { writeFileAtomic } from '../../../src/files/atomic.js';
import { createFolderOf } from '../../../src/files/folders.js';
import { originSchema } from '../origin.js';

const count = () => z.int().nonnegative();
const share = () => z.number().min(0).max(1);

const evaluationSchema = z.strictObject({
  envSteps: count(),
  /** Seconds from the start of the process. */
  seconds: z.number().nonnegative(),
  episodes: z.int().positive(),
  successAtEnd: share(),
  successOnce: share(),
  /** Median over the episodes that succeed; null if none does. */
  firstSuccessStep: z.number().nullable(),
});

/** The first time that a run reached the target, as its task is judged; `stayed` is false if a later evaluation fell below it. */
const reachedSchema = z.strictObject({
  envSteps: count(),
  /** Seconds from the start of the process. */
  seconds: z.number().nonnegative(),
  stayed: z.boolean(),
});

const runSchema = z.strictObject({
  variant: z.string(),
  seed: count(),
  /** `time limit`: it was stopped after the row's `limitMinutes`. */
  state: z.enum(['finished', 'time limit', 'interrupted', 'failed']),
  /** Reason of the failure. */
  error: z.string().nullable(),
  command: z.string(),
  ...originSchema.shape,
  starts: z.int().positive(),
  /** Wall-clock time of its processes, from their start to their end. */
  seconds: z.number().nonnegative(),
  envSteps: count(),
  /** Demonstrations that the run uses, and those that succeed, as its task is judged; null if their file is gone. */
  demonstrations: z
    .strictObject({ episodes: count(), successes: count(), medianFirstSuccess: z.number().nullable() })
    .nullable(),
  reached: reachedSchema.nullable(),
  evaluations: z.array(evaluationSchema),
});

/** The output of `eval_in_maniskill.py`. */
export const transferResultSchema = z.strictObject({
  env_id: z.string(),
  control_mode: z.string(),
  episodes: z.int().positive(),
  max_episode_steps: z.int().positive(),
  success_at_end: share(),
  success_once: share(),
  first_success_step_median: z.number().nullable(),
  versions: z.record(z.string(), z.string()),
});

const transferSchema = z.strictObject({
  variant: z.string(),
  seed: count(),
  policySha256: z.string(),
  command: z.string(),
  ...originSchema.shape,
  result: transferResultSchema,
});

export type EvaluationSummary = z.output<typeof evaluationSchema>;
export type Reached = z.output<typeof reachedSchema>;
export type RunSummary = z.output<typeof runSchema>;
export type TransferSummary = z.output<typeof transferSchema>;

/** True if the run is finished or has used up its row's time. */
export function hasEnded({ state }: RunSummary): boolean {
  return state === 'finished' || state === 'time limit';
}

/** The summaries of a training row, none if it was never made. Throws a UserError if the file can't be understood. */
export function readRunSummaries(folder: string, rowId: string): RunSummary[] {
  return readRows(folder, rowId, runSchema);
}

/** The summaries of a transfer row, likewise. */
export function readTransferSummaries(folder: string, rowId: string): TransferSummary[] {
  return readRows(folder, rowId, transferSchema);
}

/** Writes a row's summaries into `<folder>/<row>.json`, in place of those that were there. */
export function writeSummaries(
  folder: string,
  rowId: string,
  runs: readonly (RunSummary | TransferSummary)[],
): Promise<void> {
  return writeRows(folder, rowId, runs);
}

/** Writes the entries of a row's file in place of those that were there. */
export async function writeRows(folder: string, rowId: string, runs: readonly object[]): Promise<void> {
  const path = summaryPath(folder, rowId);
  await createFolderOf(path);
  await writeFileAtomic(path, `${JSON.stringify({ row: rowId, runs }, null, 2)}\n`);
}

function summaryPath(folder: string, rowId: string): string {
  return join(folder, `${rowId}.json`);
}

/** The entries of a row's file, none if there is no file. Throws a UserError if it can't be understood. */
export function readRows<T>(folder: string, rowId: string, schema: z.ZodType<T>): T[] {
  const path = summaryPath(folder, rowId);
  if (!existsSync(path)) return [];
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}`, { cause: error });
  }
  const result = z.strictObject({ row: z.literal(rowId), runs: z.array(schema) }).safeParse(content);
  if (result.success) return result.data.runs;
  throw new UserError(`${path} is no summary of ${rowId}: ${z.prettifyError(result.error)}`);
}
