import { appendFileSync, existsSync } from 'node:fs';
import { writeFileAtomic } from '../files/atomic.js';
import { writeError } from '../files/problems.js';
import { readText } from '../files/reading.js';
import type { Metrics } from '../learner/agent.js';
import type { LogDestination } from './logger.js';

/** One line of `metrics.jsonl`: the time at which it was written, and the metrics by name. */
export interface MetricsRow {
  env_steps: number;
  seconds: number;
  [metric: string]: number | null;
}

/**
 * Appends one JSON object a line to `path`. `seconds` gives the run's wall-clock time, summed over its resumptions.
 * Numbers that JSON can't hold (NaN, infinities) become null. `log` throws a UserError if it can't write.
 */
export function createMetricsFile(path: string, seconds: () => number): LogDestination {
  return {
    log(envSteps: number, metrics: Metrics) {
      const row = { env_steps: envSteps, seconds: Number(seconds().toFixed(3)), ...metrics };
      try {
        appendFileSync(path, `${JSON.stringify(row)}\n`);
      } catch (error) {
        throw writeError(path, error);
      }
    },
    async close() {},
  };
}

/** The rows of a metrics file. Throws a UserError if it can't be read. */
export function readMetricsFile(path: string): MetricsRow[] {
  return parseMetrics(readText(path));
}

/** The rows in the text of a metrics file; a torn last line, as after a power cut, is left out. */
export function parseMetrics(text: string): MetricsRow[] {
  const rows: MetricsRow[] = [];
  for (const line of text.split('\n')) {
    try {
      rows.push(JSON.parse(line) as MetricsRow);
    } catch {}
  }
  return rows;
}

/** Keeps the first `rows` rows only, so that a resumed run doesn't log the same steps twice. */
export async function rewindMetricsFile(path: string, rows: number): Promise<void> {
  if (!existsSync(path)) return;
  const kept = readMetricsFile(path).slice(0, rows);
  await writeFileAtomic(path, kept.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
