import { type Measure, USUAL_MEASURE, withMeasure } from '../../envs/success.js';
import { type Cell, consoleTable } from '../console_table.js';
import { displayWidth, wrapText } from '../console_text.js';
import { duration } from '../duration.js';
import { normalizedText, scoreText, scoreWord } from '../logging/tables.js';
import type { ListedRun } from './listing.js';
import { overrideText } from './recipe.js';
import { type StepCount, stepColumns } from './step_columns.js';

/** The width of notes: with borders and an indent they fit in a line of 80 columns. */
const NOTE_WIDTH = 74;
const VALUE_WIDTH = 24;

/**
 * A console table of runs. Its notes name the task, the recipe and the changes to it, rare ones first, and failures.
 */
export function runsTable(runs: readonly ListedRun[]): string {
  const shares = overrideCounts(runs);
  const counts = runs.map(stepCount);
  const steps = stepColumns(counts);
  const isNormalized = runs.some((run) => run.final_normalized !== null);
  const word = scoreWord(runs.map(({ judged_by }) => judged_by));
  return consoleTable({
    head: [
      'run',
      'status',
      ...steps.heads,
      { long: `best ${word}`, short: 'best' },
      'last',
      'last 5',
      ...(isNormalized ? [{ long: 'normalized', short: 'norm.' }] : []),
      'time',
    ],
    textColumns: 2,
    rows: runs.map((run, i) => [
      run.name,
      run.status,
      ...steps.cells(counts[i]),
      best(run),
      score(run.judged_by, run.last_score),
      score(run.judged_by, run.final_score),
      ...(isNormalized ? [run.final_normalized === null ? '-' : normalizedText(run.final_normalized)] : []),
      run.seconds === null ? '-' : duration(run.seconds),
    ]),
    notes: { head: 'recipe and changes', texts: runs.map((run) => note(run, shares)) },
  });
}

function stepCount(run: ListedRun): StepCount | null {
  if (run.env_steps === null) return null;
  return {
    done: { cloneSteps: run.clone_steps!, offlineSteps: run.offline_steps!, envSteps: run.env_steps },
    planned: {
      cloneSteps: run.total_clone_steps!,
      offlineSteps: run.total_offline_steps!,
      envSteps: run.total_env_steps!,
    },
  };
}

function best({ judged_by: judgedBy, best_score: best, best_at_steps: at }: ListedRun): Cell {
  const text = score(judgedBy, best);
  return best === null ? '-' : { long: `${text} at ${count(at!)}`, short: text };
}

/** The number of runs that have each override. */
function overrideCounts(runs: readonly ListedRun[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of runs.flatMap(overrideTexts)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function overrideTexts({ overrides }: ListedRun): string[] {
  return Object.entries(overrides).map(([key, value]) => overrideText(key, JSON.stringify(value)));
}

function note(run: ListedRun, shares: ReadonlyMap<string, number>): string {
  const lines = run.problem === null ? [] : wrapText(run.problem, NOTE_WIDTH);
  if (run.recipe !== null) {
    const task = withMeasure(run.task!, run.judged_by ?? USUAL_MEASURE);
    const changes = overrideTexts(run).sort((one, other) => shares.get(one)! - shares.get(other)!);
    lines.unshift(fitting([`${task}, seed ${run.seed}, ${run.recipe}`, ...changes.map(shortened)]));
  }
  return lines.join('\n');
}

/** The words that fit in the column, and the number of the others. */
function fitting(words: readonly string[]): string {
  let text = words[0];
  for (const [i, word] of words.entries()) {
    if (i === 0) continue;
    if (displayWidth(text) + displayWidth(word) + 2 > NOTE_WIDTH) return `${text}, +${words.length - i}`;
    text += `${i === 1 ? ': ' : ', '}${word}`;
  }
  return text;
}

/** An override with its value shortened to its end: long values are mostly paths, which differ there. */
function shortened(text: string): string {
  const at = text.indexOf('=') + 1;
  const value = text.slice(at);
  return value.length <= VALUE_WIDTH ? text : `${text.slice(0, at)}…${value.slice(1 - VALUE_WIDTH)}`;
}

function score(judgedBy: Measure | null, value: number | null): string {
  return judgedBy === null || value === null ? '-' : scoreText(judgedBy, value);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
