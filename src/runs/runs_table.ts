import Table from 'cli-table3';
import { duration } from '../duration.js';
import type { ListedRun } from './listing.js';
import { overrideText } from './recipe.js';

const NOTE_WIDTH = 60;
const VALUE_WIDTH = 24;

/**
 * A console table of runs. Its last column says what differs from the recipe, first what few of these runs share, or what
 * went wrong.
 */
export function runsTable(runs: readonly ListedRun[]): string {
  const table = new Table({
    head: [
      'run',
      'status',
      'env steps',
      'best success',
      'last',
      'time',
      'seed',
      'task',
      'recipe and changes',
    ],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  const shares = overrideCounts(runs);
  for (const run of runs) {
    const { status, task, seed, seconds } = run;
    table.push([
      run.name,
      status,
      run.env_steps === null ? '-' : `${count(run.env_steps)} / ${count(run.total_env_steps!)}`,
      best(run),
      share(run.last_success_at_end),
      seconds === null ? '-' : duration(seconds),
      seed ?? '-',
      task ?? '-',
      notes(run, shares),
    ]);
  }
  return table.toString();
}

function best({ best_success_at_end: success, best_at_env_steps: at }: ListedRun): string {
  return success === null ? '-' : `${share(success)} at ${count(at!)}`;
}

/** How many of the runs have each override. */
function overrideCounts(runs: readonly ListedRun[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of runs.flatMap(overrideTexts)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function overrideTexts({ overrides }: ListedRun): string[] {
  return Object.entries(overrides).map(([key, value]) => overrideText(key, JSON.stringify(value)));
}

function notes(run: ListedRun, shares: ReadonlyMap<string, number>): string {
  const lines = run.problem === null ? [] : wrapped(run.problem);
  if (run.recipe !== null) {
    const changes = overrideTexts(run).sort((one, other) => shares.get(one)! - shares.get(other)!);
    lines.unshift(fitting([run.recipe, ...changes.map(shortened)]));
  }
  return lines.join('\n');
}

/** As many of the words as fit in the column; how many more there are. */
function fitting(words: readonly string[]): string {
  let text = words[0];
  for (const [i, word] of words.entries()) {
    if (i === 0) continue;
    if (text.length + word.length + 2 > NOTE_WIDTH) return `${text}, +${words.length - i}`;
    text += `${i === 1 ? ': ' : ', '}${word}`;
  }
  return text;
}

/** Long values are mostly paths: their end tells them apart. */
function shortened(text: string): string {
  const at = text.indexOf('=') + 1;
  const value = text.slice(at);
  return value.length <= VALUE_WIDTH ? text : `${text.slice(0, at)}…${value.slice(1 - VALUE_WIDTH)}`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > NOTE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function share(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
