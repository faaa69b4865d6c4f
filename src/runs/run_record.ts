import type { Measure } from '../../envs/success.js';
import { readConfigFile, validateConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { measureOf } from '../config/task.js';
import { UserError } from '../errors.js';
import { readTextIfThere } from '../files/reading.js';
import { type MetricsRow, parseMetrics } from '../logging/metrics_file.js';
import { savedProgress } from '../training/checkpoints/saved_progress.js';
import { finalScore } from '../training/evaluation/final_score.js';
import { openRunFolder, type RunFolder } from '../training/folder/run_folder.js';
import { type RunStatus, readStatus } from '../training/folder/run_status.js';
import { plannedSteps, stepsAt } from '../training/phases/schedules.js';
import { type RunProgress, type Steps, stepsLeft, stepsOf } from '../training/run_progress.js';

export type RunState = RunStatus['state'];

/** Record of a run, read from its folder. */
export interface RunRecord {
  folder: RunFolder;
  config: Config;
  state: RunState;
  /** Reason of the failure. */
  error: string | null;
  results: RunResults;
}

/** Progress of a run, from its `metrics.jsonl` and its last checkpoint. */
export interface RunResults extends Steps {
  seconds: number;
  /** Updates of the phases offline and online, by its last checkpoint; null before the first. */
  updates: number | null;
  /** The measure of `best` and `lastScore`, by which the run's task is judged: a share of successes, or the mean return. */
  judgedBy: Measure;
  /** The best of the evaluations, and the steps at which it was logged (see `stepsOf`); null before the first one. */
  best: { score: number; steps: number } | null;
  lastScore: number | null;
  /** The mean of the last five evaluations, or of all if there are fewer. */
  finalScore: number | null;
  /** `finalScore` and `best` between random, 0, and expert, 100; null where the task has no reference scores. */
  normalized: { final: number; best: number } | null;
}

/**
 * Reads the run in the folder `path`. Throws a UserError, naming the problem, if the folder holds no run, or a damaged
 * one.
 */
export function readRun(path: string): RunRecord {
  const folder = openRunFolder(path);
  const config = readRunConfig(folder);
  const results = resultsOf(folder, config);
  const status = readStatus(folder);
  const state = status?.state ?? (isTrained(results, config) ? 'finished' : 'interrupted');
  return { folder, config, state, error: status?.error ?? null, results };
}

/** The configuration of a run. Throws a UserError if `config.yml` can't be understood. */
export function readRunConfig({ configPath }: RunFolder): Config {
  return validateConfig(readConfigFile(configPath), configPath);
}

/** The rows of a run's metrics; none if it has not logged yet. Throws a UserError if the file holds something else. */
export function readRows({ metricsPath }: RunFolder): MetricsRow[] {
  const text = readTextIfThere(metricsPath);
  if (text === null) return [];
  const rows = parseMetrics(text).filter(isRow);
  if (rows.length === 0 && text.includes('\n')) {
    throw new UserError(`${metricsPath} holds no metrics`);
  }
  return rows;
}

/** True if all steps of a training with this configuration are made. */
export function isTrained(done: Steps, { train }: Pick<Config, 'train'>): boolean {
  const left = stepsLeft(plannedSteps(train), done);
  return stepsOf(left) + left.cloneSteps === 0;
}

function resultsOf(folder: RunFolder, config: Config): RunResults {
  const judgedBy = measureOf(config);
  const rows = readRows(folder);
  const saved = savedProgress(folder.modelsPath);
  const evaluations = rows.flatMap((row) => {
    const score = row[`eval/${judgedBy}`];
    const normalized = row['eval/normalized_score'] ?? null;
    return typeof score === 'number' ? [{ score, normalized, steps: row.env_steps }] : [];
  });
  const best = evaluations.reduce<(typeof evaluations)[number] | null>(
    (best, next) => (best && best.score >= next.score ? best : next),
    null,
  );
  const normalized = evaluations.flatMap((evaluation) => evaluation.normalized ?? []);
  return {
    ...reached(saved, rows, config.train),
    updates: saved?.gradientSteps ?? null,
    judgedBy,
    best: best && { score: best.score, steps: best.steps },
    lastScore: evaluations.at(-1)?.score ?? null,
    finalScore: finalScore(evaluations.map(({ score }) => score)),
    normalized: best?.normalized == null ? null : { final: finalScore(normalized)!, best: best.normalized },
  };
}

/** The steps and seconds of a run: by its last checkpoint if nothing was logged since, else by its last row. */
function reached(
  saved: RunProgress | null,
  rows: readonly MetricsRow[],
  train: Config['train'],
): Steps & Pick<RunResults, 'seconds'> {
  if (saved?.logRows === rows.length) {
    const { cloneSteps, offlineSteps, envSteps, seconds } = saved;
    return { cloneSteps, offlineSteps, envSteps, seconds: Number(seconds.toFixed(3)) };
  }
  const last = rows.at(-1);
  if (!last) return NOTHING;
  return { ...stepsAt(train, last.env_steps), seconds: last.seconds };
}

const NOTHING = { cloneSteps: 0, offlineSteps: 0, envSteps: 0, seconds: 0 };

function isRow(row: MetricsRow | null): row is MetricsRow {
  return typeof row?.env_steps === 'number' && typeof row.seconds === 'number';
}
