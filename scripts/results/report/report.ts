import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Origin } from '../origin.js';
import type { ComparisonRow, Row, TrainingRow, TransferRow } from '../rows/row.js';
import { readComparisonRuns } from '../summaries/comparison_files.js';
import { type PeerFigures, readPeerFigures } from '../summaries/peer_figures.js';
import { readRunSummaries, readTransferSummaries } from '../summaries/summary_files.js';
import { areUsuallyJudged } from '../variant_measure.js';
import { comparisonCommands, comparisonTables } from './comparison_section.js';
import { seedsText, trainingCommands, trainingNotes, trainingTable } from './training_section.js';
import { transferTable, transferVersions } from './transfer_section.js';

const INTRODUCTION = `# Results

This file is written by \`npm run results\` from the summaries in [exps/results](exps/results), which hold every run's
command, commit, machine and evaluations. \`npm run results\` makes all of it anew, \`npm run results -- --list\` says how
long that takes, \`npm run results -- <row>\` makes one row, \`--missing\` only what has no summary of a finished run; what
is finished where it is called is not made again.

Success is counted at the end of the last evaluation's episodes, which run their full length, or at any of their steps
where a line says so. "All episodes" are those of all seeds together, with the 95 % interval of Wilson; every seed is
evaluated on the same episodes. Elsewhere a number is the median over the seeds [lowest, highest], the worse end in bold, or
one number if all seeds agree. Times are wall-clock times from the start of the process; rows without them had several
trainings side by side. In the curves, the line is the mean over the seeds and the band goes from the lowest to the highest;
over time, a run that has ended counts with its last value.`;

/** The text of RESULTS.md, from the summaries in `folder`. Throws a UserError if one can't be understood. */
export function reportText(rows: readonly Row[], folder: string): string {
  return `${[INTRODUCTION, ...rows.map((row) => section(row, folder))].join('\n\n')}\n`;
}

/** Path of the picture of a row's curves. */
export function curvesPath(folder: string, { id }: Row): string {
  return join(folder, `${id}.svg`);
}

function section(row: Row, folder: string): string {
  const lines = bodyOf(row, folder) ?? [`Not run yet: \`npm run results -- ${row.id}\`.`];
  return [`## ${row.title}`, row.text, ...lines].join('\n\n');
}

function bodyOf(row: Row, folder: string): string[] | null {
  switch (row.kind) {
    case 'training':
      return trainingBody(row, folder);
    case 'comparison':
      return comparisonBody(row, folder);
    case 'transfer':
      return transferBody(row, folder);
  }
}

/** The paragraphs of a comparison; null if nothing of it was trained. */
function comparisonBody(row: ComparisonRow, folder: string): string[] | null {
  const runs = readComparisonRuns(folder, row.id);
  if (runs.length === 0) return null;
  return [
    codeBlock(comparisonCommands(row)),
    ...comparisonTables(row, runs, peersOf(row, folder)),
    originText(runs),
  ];
}

/** Figures of other programs beside which a comparison stands. */
function peersOf({ layout }: ComparisonRow, folder: string): PeerFigures[] {
  return layout === 'list' ? readPeerFigures(folder) : [];
}

/** The paragraphs of a training row; null if it was never run. */
function trainingBody(row: TrainingRow, folder: string): string[] | null {
  const runs = readRunSummaries(folder, row.id);
  if (runs.length === 0) return null;
  const notes = trainingNotes(row, runs).map((note) => `- ${note}`);
  const isEvaluated = runs.some(({ evaluations }) => evaluations.length > 0);
  const picture = curvesPath(folder, row);
  const shown = areUsuallyJudged(row.variants) ? 'Success at the end' : 'Success';
  return [
    codeBlock(trainingCommands(row, runs)),
    ...(isEvaluated ? [trainingTable(row, runs)] : []),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    ...(existsSync(picture) ? [`![${shown}: ${row.title}](${picture})`] : []),
    originText(runs),
  ];
}

/** The paragraphs of a transfer row; null if no policy was evaluated yet. */
function transferBody(row: TransferRow, folder: string): string[] | null {
  const runs = readTransferSummaries(folder, row.id);
  if (runs.length === 0) return null;
  return [
    codeBlock([...new Set(runs.map(({ command }) => command.replace(/-seed\d+\//, '-seedSEED/')))]),
    transferTable(runs),
    `Evaluated with ${transferVersions(runs)}.`,
    originText(runs),
  ];
}

function codeBlock(lines: readonly string[]): string {
  return ['```', ...lines, '```'].join('\n');
}

/**
 * A line for each machine and commit: `AMD EPYC, 2 cores, Node v20.19.0; commit 0123456789, version 0.1.0: seed 0.`
 */
function originText(runs: readonly (Origin & { seed: number })[]): string {
  const seeds = new Map<string, Set<number>>();
  for (const { commit, version, machine, seed } of runs) {
    const { cpu, cores, node } = machine;
    const source = commit === null ? `version ${version}` : `commit ${commit}, version ${version}`;
    const origin = `${cpu}, ${cores} core${cores === 1 ? '' : 's'}, Node ${node}; ${source}`;
    seeds.set(origin, (seeds.get(origin) ?? new Set()).add(seed));
  }
  return [...seeds].map(([origin, members]) => `${origin}: ${seedsText([...members])}.`).join('\n');
}
