import { readConfigFile, validateConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';
import { readTextIfThere } from '../files/reading.js';
import { type MetricsRow, parseMetrics } from '../logging/metrics_file.js';
import { openRunFolder, type RunFolder } from '../training/folder/run_folder.js';
import { type RunStatus, readStatus } from '../training/folder/run_status.js';

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

/** Progress of a run, from its `metrics.jsonl`. */
export interface RunResults {
  envSteps: number;
  seconds: number;
  /** The best of the evaluations; null before the first one. */
  best: { successAtEnd: number; envSteps: number } | null;
  lastSuccessAtEnd: number | null;
}

/**
 * Reads the run in the folder `path`. Throws a UserError, naming the problem, if the folder holds no run, or a damaged
 * one.
 */
export function readRun(path: string): RunRecord {
  const folder = openRunFolder(path);
  const config = readRunConfig(folder);
  const results = summarise(readRows(folder));
  const status = readStatus(folder);
  const state = status?.state ?? (results.envSteps >= config.train.steps ? 'finished' : 'interrupted');
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

function summarise(rows: readonly MetricsRow[]): RunResults {
  const evaluations = rows.flatMap((row) => {
    const successAtEnd = row['eval/success_at_end'];
    return typeof successAtEnd === 'number' ? [{ successAtEnd, envSteps: row.env_steps }] : [];
  });
  const last = rows.at(-1);
  return {
    envSteps: last?.env_steps ?? 0,
    seconds: last?.seconds ?? 0,
    best: evaluations.reduce<RunResults['best']>(
      (best, next) => (best && best.successAtEnd >= next.successAtEnd ? best : next),
      null,
    ),
    lastSuccessAtEnd: evaluations.at(-1)?.successAtEnd ?? null,
  };
}

function isRow(row: MetricsRow | null): row is MetricsRow {
  return typeof row?.env_steps === 'number' && typeof row.seconds === 'number';
}
