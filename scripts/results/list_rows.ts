import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { duration } from '../../src/duration.js';
import { readRun } from '../../src/runs/run_record.js';
import { wantedRuns } from './make_comparison_row.js';
import { type ResultsOptions, seedsOf, wantedPoints } from './make_training_row.js';
import { secondsLeft } from './points.js';
import type { Row, TrainingRow } from './rows/row.js';
import { readComparisonRuns } from './summaries/comparison_files.js';
import { readTransferSummaries } from './summaries/summary_files.js';

type Wanted = Pick<ResultsOptions, 'folder' | 'seeds' | 'onlyMissing'>;

/**
 * A line for each row: the number of its runs that are done here, the time of the others on two cores, and its title.
 */
export function listRows(rows: readonly Row[], wanted: Wanted): string {
  const lines = rows.map((row) => {
    const { total, done } = progressOf(row, wanted);
    const left = done < total ? `about ${duration(60 * row.minutes * (total - done))}` : '-';
    return [row.id, `${done} of ${total} done`, left, row.title];
  });
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = (line: readonly string[]) => line.map((cell, i) => cell.padEnd(widths[i])).join('  ');
  return lines.map((line) => text(line).trimEnd()).join('\n');
}

function progressOf(row: Row, wanted: Wanted): { total: number; done: number } {
  const { folder, seeds } = wanted;
  if (row.kind === 'transfer') {
    const wantedSeeds = seedsOf(row.source, seeds);
    const known = readTransferSummaries(folder, row.id).filter(({ seed }) => wantedSeeds.includes(seed));
    return { total: wantedSeeds.length * row.variants.length, done: known.length };
  }
  if (row.kind === 'comparison') {
    const known = readComparisonRuns(folder, row.id).filter(({ state }) => state === 'finished');
    const runs = row.blocks.flatMap((block) => wantedRuns(row, block, wanted));
    const done = runs.filter(({ command }) => known.some((run) => run.command === command));
    return { total: runs.length, done: done.length };
  }
  const paths = wantedPoints(row, { ...wanted, realDemos: null }).map(({ name }) =>
    join(folder, row.id, name),
  );
  return { total: paths.length, done: paths.filter((path) => isDone(row, path)).length };
}

function isDone(row: TrainingRow, path: string): boolean {
  if (!existsSync(path)) return false;
  return readRun(path).state === 'finished' || secondsLeft(row, path) <= 0;
}
